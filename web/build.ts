import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { escapeHtml } from './escape-html.ts';
import type { CaptchaProvider } from './recover-user-form/captcha-provider.ts';

/** The oldest supported browsers. */
const BROWSER_TARGETS = ['chrome120', 'edge120', 'firefox124', 'safari17.4'];

/** The Content-Security-Policy sources that each provider documents for its widget, by directive. */
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

interface PageDefinition {
  /** The file name of the page. */
  readonly html: string;
  /** The name of the script in `pages/`, without extension. */
  readonly script: string;
  /** The English title. The script replaces it with one in the user's language. */
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

/** Bundles a browser script. The path is relative to `web/`. Throws esbuild's errors. */
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
 * Allows the page's own files and the given origins only. Trusted Types prevent script injection, but the widgets of the CAPTCHA
 * providers do not support them.
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
  const base: Readonly<Record<string, string>> = directives;
  return [...names].map((name) => [name, base[name], widget[name]].filter(Boolean).join(' ')).join('; ');
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
