import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { V1_URLS } from '../lib/config/beyond-identity-urls.ts';
import { buildBindPage, buildCompletionPage } from '../web/build-link-pages.ts';
import type { BuiltPage } from '../web/build-page.ts';
import { buildRecoveryPage } from '../web/build-recovery-page.ts';
import { bundleElement, bundleSdk, ELEMENTS, SDK_FILE } from '../web/bundle.ts';
import { type Options, parseCommandLine, USAGE, UsageError } from './build-pages-command-line.ts';

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const pages = buildPages(options);
  const headers = Object.fromEntries(pages.map(({ html, headers }) => [html, headers]));
  const files = new Map<string, string>([
    ...ELEMENTS.flatMap((element) => Object.entries(bundleElement(element))),
    ...pages.flatMap(({ files }) => Object.entries(files)),
    ['headers.json', `${JSON.stringify(headers, null, 2)}\n`],
  ]);
  await writeFiles(options.output, files);
  console.log(`Built into ${options.output}: ${[...files.keys()].join(', ')}`);
  const next = pages.map(({ next }) => next).find(Boolean);
  if (next !== undefined) console.log(`${next}: see docs/web-components.md.`);
}

/** A page with the name of its HTML file, and what is left to do for its host. */
interface NamedPage extends BuiltPage {
  readonly html: string;
  readonly next?: string;
}

function buildPages(options: Options): NamedPage[] {
  const { endpoint, captcha: provider, 'site-key': siteKey, 'resend-after': resendAfter } = options;
  const links = { signInUrl: options['sign-in-url'], supportUrl: options['support-url'] };
  const recoveryPage = buildRecoveryPage({
    ...links,
    endpoint,
    endpointOrigin: new URL(endpoint).origin,
    resendAfterSeconds: resendAfter === undefined ? undefined : Number(resendAfter),
    captcha: provider && siteKey ? { provider, siteKey } : undefined,
  });
  const authenticationUrls = options['authentication-url'];
  const pages = [{ html: 'index.html', ...recoveryPage }];
  if (authenticationUrls.length === 0) return pages;
  const linkPage = { ...links, authenticationUrls, recoveryUrl: options['recovery-url'] ?? 'index.html' };
  return [...pages, buildLinkPage(options, linkPage)];
}

function buildLinkPage(
  options: Options,
  linkPage: Pick<Parameters<typeof buildBindPage>[0], 'authenticationUrls' | 'recoveryUrl'>,
): NamedPage {
  const region = options['sdk-region'];
  if (region !== undefined) {
    const sdkOrigins = Object.values(V1_URLS[region]);
    const { files, headers } = buildBindPage({ ...linkPage, sdkOrigins });
    return {
      html: 'bind.html',
      next: 'Serve bind.html at /bind on the origin of your app',
      files: { ...files, [SDK_FILE]: bundleSdk() },
      headers,
    };
  }
  const page = buildCompletionPage({
    ...linkPage,
    linkParameter: options['link-parameter'],
    connectOrigins: (options['connect-origin'] ?? []).map((url) => new URL(url).origin),
    allowUnsafeEval: options['allow-unsafe-eval'],
  });
  return { html: 'register.html', next: 'Add your register-credential.js next to register.html', ...page };
}

/** Throws {@link UsageError} if the folder cannot be created or written to. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    const paths = [...files].map(([name, contents]) => ({ path: resolve(folder, name), contents }));
    for (const parent of new Set(paths.map(({ path }) => dirname(path)))) await createFolder(parent);
    for (const { path, contents } of paths) await writeFile(path, contents);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`--output ${outputProblem(folder, String(error.code))}`);
  }
}

/** Avoids `mkdir` with `recursive`, which never returns for a path below /proc. */
async function createFolder(path: string): Promise<void> {
  const code = await mkdir(path).then(() => undefined, errorCode);
  if (code === undefined || (code === 'EEXIST' && (await stat(path)).isDirectory())) return;
  if (code === 'ENOENT' && dirname(path) !== path) await createFolder(dirname(path));
  // throws the error of the first attempt, unless the parent was missing
  await mkdir(path);
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

function outputProblem(folder: string, code: string): string {
  const name = JSON.stringify(folder);
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `is not a folder: ${name}; use a folder`;
    case 'EISDIR':
      return `contains a folder with the name of an output file: ${name}; remove it or use another folder`;
    default:
      return `is not writable: ${name} (${code}); use a writable folder`;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
