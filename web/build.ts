import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { contentSecurityPolicy, type PolicyOptions } from './content-security-policy.ts';
import { type PageContent, renderPage } from './page-template.ts';
import type { CaptchaProvider } from './recover-user-form/captcha-provider.ts';

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

/** The files of a page and their response headers. */
export interface BuiltPage {
  /** Contents by file name. The HTML uses relative URLs, so the page works in any folder. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * Headers that the server should send with each file. For hosts that cannot send headers, the HTML contains the policy too,
   * except `frame-ancestors`, which browsers ignore there.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of both pages. */
interface PageOptions {
  /** The page to go back to. */
  readonly signInUrl?: string | undefined;
  /** Where the user gets help: a page, a `mailto:` or a `tel:` URL. */
  readonly supportUrl?: string | undefined;
  /** URLs of additional module scripts. */
  readonly scripts?: readonly string[];
}

/** Options of the recovery page. */
export interface RecoveryPageOptions extends PageOptions {
  /** The stack's output `EndpointUrl`. */
  readonly endpoint: string;
  /** The origin of the endpoint, which is the only one that the page may call. */
  readonly endpointOrigin: string;
  /** The deployment's `mailboxCooldownSeconds`; defaults to 60. */
  readonly resendAfterSeconds?: number | undefined;
  /** Set if the deployment requires a CAPTCHA. */
  readonly captcha?: { readonly provider: CaptchaProvider; readonly siteKey: string } | undefined;
}

/** Options of the page for the registration redirect URI. */
export interface CompletionPageOptions extends PageOptions {
  /** Exact URLs that the page may redirect to after the registration. The first is the default; the link may select another. */
  readonly authenticationUrls: readonly string[];
  /** The page on which the user can request a new link. */
  readonly recoveryUrl: string;
  /** A link without this query parameter is malformed. Absent: every link is passed to the callback. */
  readonly linkParameter?: string | undefined;
  /** The origins that the host's `register-credential.js` calls. */
  readonly connectOrigins: readonly string[];
  /**
   * Adds `'unsafe-eval'` to the policy and removes Trusted Types, for an SDK that evaluates strings as code. The vendor's
   * `@beyondidentity/bi-sdk-js` does so to run its WebAssembly.
   */
  readonly allowUnsafeEval?: boolean | undefined;
}

/** Builds the page on which a user requests a recovery link: `index.html` and the files that it loads. */
export function buildRecoveryPage({
  endpoint,
  endpointOrigin,
  resendAfterSeconds,
  captcha,
  scripts,
  ...links
}: RecoveryPageOptions): BuiltPage {
  const attributes = {
    endpoint,
    ...linkAttributes(links),
    ...(resendAfterSeconds !== undefined && { 'resend-after': `${resendAfterSeconds}` }),
    ...(captcha && { captcha: captcha.provider, 'site-key': captcha.siteKey }),
  };
  return buildPage(
    'index.html',
    {
      script: 'recovery-page',
      title: 'Recover your account',
      element: 'recover-user-form',
      attributes,
      scripts,
    },
    { connectOrigins: [endpointOrigin], captcha: captcha?.provider },
  );
}

/**
 * Builds the page for the tenant's registration redirect URI: `register.html` and the files that it loads. The host adds
 * `register-credential.js`, which registers the credential with the Beyond Identity SDK.
 */
export function buildCompletionPage({
  authenticationUrls,
  recoveryUrl,
  linkParameter,
  connectOrigins,
  allowUnsafeEval,
  scripts,
  ...links
}: CompletionPageOptions): BuiltPage {
  const attributes = {
    'authentication-urls': authenticationUrls.join(' '),
    'recovery-url': recoveryUrl,
    ...(linkParameter !== undefined && { 'link-parameter': linkParameter }),
    ...linkAttributes(links),
  };
  return buildPage(
    'register.html',
    {
      script: 'completion-page',
      title: 'Set up this device',
      element: 'complete-recovery',
      attributes,
      scripts,
    },
    { connectOrigins, allowUnsafeEval },
  );
}

function linkAttributes({ signInUrl, supportUrl }: Omit<PageOptions, 'scripts'>): Record<string, string> {
  return {
    ...(signInUrl !== undefined && { 'sign-in-url': signInUrl }),
    ...(supportUrl !== undefined && { 'support-url': supportUrl }),
  };
}

function buildPage(
  html: string,
  content: Omit<PageContent, 'policy'>,
  policyOptions: PolicyOptions,
): BuiltPage {
  const policy = contentSecurityPolicy(policyOptions);
  return {
    files: {
      [html]: renderPage({ ...content, policy }),
      ...bundleWithLanguages(`pages/${content.script}.ts`, content.script),
      'page.css': readSource('pages/page.css'),
      'icon.svg': readSource('pages/icon.svg'),
    },
    headers: {
      'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'Strict-Transport-Security': 'max-age=31536000',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
  };
}

/** The elements by the name of their script. */
export const ELEMENTS = ['recover-user-form', 'complete-recovery'] as const;

/**
 * Bundles the script of an element: the contents of `<name>.js`, which has the English texts, and of the other languages, of
 * which it loads the one that it needs. Throws esbuild's errors.
 */
export function bundleElement(name: (typeof ELEMENTS)[number]): Record<string, string> {
  return bundleWithLanguages(`${name}/index.ts`, name);
}

/** Bundles a browser script that loads no languages. The path is relative to `web/`. Throws esbuild's errors. */
export function bundle(path: string): string {
  const [script, ...others] = Object.values(bundleWithLanguages(path, 'script'));
  if (script === undefined || others.length > 0) throw new Error(`${path} is not one file.`);
  return script;
}

function bundleWithLanguages(path: string, name: string): Record<string, string> {
  const { outputFiles } = buildSync({
    ...BUILD_OPTIONS,
    write: false,
    entryPoints: { [name]: sourcePath(path) },
    define: { STYLES: JSON.stringify(styles()) },
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

function readSource(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
