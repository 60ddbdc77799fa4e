import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { CaptchaProvider } from './recover-user-form/captcha-provider.ts';

/** Browsers that the pages are built for: those of the last two years and older. */
const BROWSER_TARGETS = ['chrome120', 'edge120', 'firefox124', 'safari17.4'];

/** What a provider's widget loads, by directive; from the providers' own pages about Content-Security-Policy. */
const CAPTCHA_CSP_SOURCES: Readonly<Record<CaptchaProvider, Readonly<Record<string, string>>>> = {
  // https://developers.cloudflare.com/turnstile/reference/content-security-policy/
  turnstile: {
    'script-src': 'https://challenges.cloudflare.com',
    'frame-src': 'https://challenges.cloudflare.com',
  },
  // https://docs.hcaptcha.com/#content-security-policy-settings
  hcaptcha: {
    'script-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'frame-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'style-src': 'https://hcaptcha.com https://*.hcaptcha.com',
    'connect-src': 'https://hcaptcha.com https://*.hcaptcha.com',
  },
  // https://developers.google.com/recaptcha/docs/faq
  recaptcha: {
    'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
    'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
  },
  'recaptcha-v3': {
    'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
    'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
    'connect-src': 'https://www.google.com/recaptcha/',
  },
};

/** A page as it is hosted. */
export interface BuiltPage {
  /** Contents by file name; the HTML refers to the others by relative URLs, so that any folder will do. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * What the server should send with each file. The HTML holds the policy too, for hosts that cannot send headers, but for
   * `frame-ancestors`, which browsers take from the header only.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** What is the same for both pages. */
interface PageOptions {
  /** Further module scripts, by URL. */
  readonly scripts?: readonly string[];
}

/** What the recovery page is told. */
export interface RecoveryPageOptions extends PageOptions {
  /** The full URL to POST to: the stack's output `EndpointUrl`. */
  readonly endpoint: string;
  /** Its origin: the only one that the page may call. */
  readonly endpointOrigin: string;
  /** Seconds until a mailbox may have another mail: the deployment's `mailboxCooldownSeconds`; 60 unless told otherwise. */
  readonly resendAfterSeconds?: number | undefined;
  /** Where the deployment asks for a human. */
  readonly captcha?: { readonly provider: CaptchaProvider; readonly siteKey: string } | undefined;
}

/** What the page of the registration redirect URI is told. */
export interface CompletionPageOptions extends PageOptions {
  /** Where the person may be sent once the credential is registered: exact URLs, the first unless the link names another. */
  readonly authenticationUrls: readonly string[];
  /** Where the person can ask for another link. */
  readonly recoveryUrl: string;
  /** The query parameter without which a link is malformed; absent: any link is handed over. */
  readonly linkParameter?: string | undefined;
  /** What else the host's `register-credential.js` calls: origins. */
  readonly connectOrigins: readonly string[];
  /**
   * The host's SDK makes code out of text, as the vendor's `@beyondidentity/bi-sdk-js` does to run its WebAssembly: it needs
   * `'unsafe-eval'`, and cannot have Trusted Types.
   */
  readonly allowUnsafeEval?: boolean | undefined;
}

/** The page on which a user asks for the recovery link: `index.html` and what it loads. */
export function buildRecoveryPage({
  endpoint,
  endpointOrigin,
  resendAfterSeconds,
  captcha,
  scripts,
}: RecoveryPageOptions): BuiltPage {
  const attributes = {
    endpoint,
    ...(resendAfterSeconds !== undefined && { 'resend-after': `${resendAfterSeconds}` }),
    ...(captcha && { captcha: captcha.provider, 'site-key': captcha.siteKey }),
  };
  return buildPage(
    {
      html: 'index.html',
      script: 'recovery-page',
      title: 'Recover your account',
      element: 'recover-user-form',
      attributes,
    },
    { scripts, connectOrigins: [endpointOrigin], captcha: captcha?.provider },
  );
}

/**
 * The page for the tenant's registration redirect URI: `register.html` and what it loads, but for `register-credential.js`, in
 * which the host has its Beyond Identity SDK register the credential.
 */
export function buildCompletionPage({
  authenticationUrls,
  recoveryUrl,
  linkParameter,
  connectOrigins,
  allowUnsafeEval,
  scripts,
}: CompletionPageOptions): BuiltPage {
  const attributes = {
    'authentication-urls': authenticationUrls.join(' '),
    'recovery-url': recoveryUrl,
    ...(linkParameter !== undefined && { 'link-parameter': linkParameter }),
  };
  return buildPage(
    {
      html: 'register.html',
      script: 'completion-page',
      title: 'Set up this device',
      element: 'complete-recovery',
      attributes,
    },
    { scripts, connectOrigins, allowUnsafeEval },
  );
}

/** What tells one page from the other. */
interface PageDefinition {
  /** Its file name. */
  readonly html: string;
  /** Its script below `pages/`, without the ending. */
  readonly script: string;
  /** Until the script has chosen a language, in English. */
  readonly title: string;
  readonly element: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface PageContext {
  readonly scripts: readonly string[] | undefined;
  readonly connectOrigins: readonly string[];
  readonly captcha?: CaptchaProvider | undefined;
  readonly allowUnsafeEval?: boolean | undefined;
}

function buildPage(
  { html, script, title, element, attributes }: PageDefinition,
  context: PageContext,
): BuiltPage {
  const policy = contentSecurityPolicy(context);
  const { scripts = [] } = context;
  const filled = readSource('pages/page.html')
    .replace('{{policy}}', () => escapeHtml(policy))
    .replace('{{script}}', `${script}.js`)
    .replace('<!-- title -->', `<title>${title}</title>`)
    .replace(
      '<!-- element -->',
      () => `<${element} heading-level="1" ${attributesText(attributes)}></${element}>`,
    )
    .replace('<!-- scripts -->', () => scripts.map(scriptElement).join('\n'));
  return {
    files: {
      [html]: filled,
      [`${script}.js`]: bundle(`pages/${script}.ts`),
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

/** Bundles a browser's script of this project, from a path below `web/`. Throws what esbuild throws. */
export function bundle(path: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: BROWSER_TARGETS,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/**
 * Nothing but the page's own files and the given origins. Trusted Types keep text from becoming script; a provider's widget
 * writes script elements of its own, so that they cannot be asked for beside one.
 */
function contentSecurityPolicy({ connectOrigins, captcha, allowUnsafeEval }: PageContext): string {
  const widget = captcha ? CAPTCHA_CSP_SOURCES[captcha] : {};
  const directives = {
    'default-src': "'none'",
    'script-src': allowUnsafeEval ? "'self' 'unsafe-eval'" : "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': ["'self'", ...connectOrigins].join(' '),
    'base-uri': "'none'",
    'form-action': "'none'",
    ...(!captcha &&
      !allowUnsafeEval && { 'require-trusted-types-for': "'script'", 'trusted-types': "'none'" }),
  };
  const names = new Set([...Object.keys(directives), ...Object.keys(widget)]);
  const own: Readonly<Record<string, string>> = directives;
  return [...names].map((name) => [name, own[name], widget[name]].filter(Boolean).join(' ')).join('; ');
}

function readSource(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeHtml(value)}"`)
    .join(' ');
}

function scriptElement(url: string): string {
  return `<script type="module" src="${escapeHtml(url)}"></script>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
