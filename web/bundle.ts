import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

/** The oldest supported browsers. */
const BROWSER_TARGETS = ['chrome120', 'edge120', 'firefox124', 'safari17.4'];

/** The bundler needs one to name the files by, and writes nothing into it. */
const OUTPUT_FOLDER = resolve('/');

const BUILD_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: BROWSER_TARGETS,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
} satisfies BuildOptions;

/** The vendor's web SDK, which the page `/bind` loads on demand. */
export const SDK_FILE = 'beyond-identity-sdk.js';

/** What differs from one script to another. */
type BundleOptions = Pick<BuildOptions, 'define' | 'legalComments'>;

/** The elements by the name of their script. */
export const ELEMENTS = ['recover-user-form', 'complete-recovery'] as const;

/**
 * Bundles the script of an element: the contents of `<name>.js`, which has the English texts, and of the other languages, of
 * which it loads the one that it needs. Throws esbuild's errors.
 */
export function bundleElement(name: (typeof ELEMENTS)[number]): Record<string, string> {
  return bundleFiles(`${name}/index.ts`, name);
}

/**
 * Bundles a browser script that loads no languages. The path is relative to `web/`; `define` replaces names in it. Throws
 * esbuild's errors.
 */
export function bundle(path: string, options: BundleOptions = {}): string {
  const [script, ...others] = Object.values(bundleFiles(path, 'script', options));
  if (script === undefined || others.length > 0) throw new Error(`${path} is not one file.`);
  return script;
}

/** As {@link bundle}, with the languages that the script loads: the contents of `<name>.js` and of `languages/`. */
export function bundleFiles(
  path: string,
  name: string,
  { define, ...options }: BundleOptions = {},
): Record<string, string> {
  const { outputFiles } = buildSync({
    ...BUILD_OPTIONS,
    write: false,
    ...options,
    entryPoints: { [name]: sourcePath(path) },
    define: { ...define, STYLES: JSON.stringify(styles()) },
    splitting: true,
    outdir: OUTPUT_FOLDER,
    chunkNames: 'languages/[name]',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [relative(OUTPUT_FOLDER, path).replaceAll('\\', '/'), text]),
  );
}

function styles(): string {
  const { outputFiles } = buildSync({
    ...BUILD_OPTIONS,
    write: false,
    entryPoints: [sourcePath('element/styles.css')],
  });
  return outputFiles.map(({ text }) => text.trim()).join('');
}

function sourcePath(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Bundles the vendor's web SDK: 6 MB, which takes about a second. Throws esbuild's errors. */
export function bundleSdk(): string {
  return bundle('pages/sdk.ts', { legalComments: 'inline' });
}
