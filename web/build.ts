import { readFileSync } from 'node:fs';
import { bundle, bundleFiles } from './bundle.ts';
import { contentSecurityPolicy, type PolicyOptions } from './content-security-policy.ts';
import { type PageContent, renderPage } from './page-template.ts';
import type { CaptchaProvider } from './recover-user-form/captcha-provider.ts';

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

/** Options of all pages. */
interface PageOptions {
  /** The page to go back to. */
  readonly signInUrl?: string | undefined;
  /** Where a user finds help: a page, a `mailto:` or a `tel:` URL. */
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

/** Options of the pages that a recovery link opens. */
interface LinkPageOptions extends PageOptions {
  /** Exact URLs that the page may redirect to after the registration. The first is the default; the link may select another. */
  readonly authenticationUrls: readonly string[];
  /** The page on which the user can request a new link. */
  readonly recoveryUrl: string;
}

/** Options of the page for the registration redirect URI. */
export interface CompletionPageOptions extends LinkPageOptions {
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

/** Options of the page `/bind`, for a tenant of the v1 platform. */
export interface BindPageOptions extends LinkPageOptions {
  /** The origins of the API and the authorization server in the tenant's region: the token of a link goes to no other host. */
  readonly sdkOrigins: readonly string[];
  /** Further origins that the page may call. */
  readonly connectOrigins?: readonly string[];
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
  linkParameter,
  connectOrigins,
  allowUnsafeEval,
  ...options
}: CompletionPageOptions): BuiltPage {
  return buildLinkPage('register.html', options, linkParameter, { connectOrigins, allowUnsafeEval });
}

/**
 * Builds the page `/bind`, which registers the credential with `@beyondidentity/bi-sdk-js`: `bind.html` and the files that it
 * loads, but for `beyond-identity-sdk.js`, which `bundleSdk` bundles. The policy of this page allows `'unsafe-eval'`.
 */
export function buildBindPage({ sdkOrigins, connectOrigins = [], ...options }: BindPageOptions): BuiltPage {
  const page = buildLinkPage('bind.html', options, 'token', {
    connectOrigins: [...sdkOrigins, ...connectOrigins],
    allowUnsafeEval: true,
  });
  const hosts = sdkOrigins.map((origin) => new URL(origin).hostname);
  const wiring = bundle('pages/register-credential.ts', { define: { SDK_HOSTS: JSON.stringify(hosts) } });
  return { ...page, files: { ...page.files, 'register-credential.js': wiring } };
}

function buildLinkPage(
  html: string,
  { authenticationUrls, recoveryUrl, scripts, ...links }: LinkPageOptions,
  linkParameter: string | undefined,
  policyOptions: PolicyOptions,
): BuiltPage {
  const attributes = {
    'authentication-urls': authenticationUrls.join(' '),
    'recovery-url': recoveryUrl,
    ...(linkParameter !== undefined && { 'link-parameter': linkParameter }),
    ...linkAttributes(links),
  };
  return buildPage(
    html,
    {
      script: 'completion-page',
      title: 'Set up this device',
      element: 'complete-recovery',
      attributes,
      scripts,
    },
    policyOptions,
  );
}

function linkAttributes({ signInUrl, supportUrl }: PageOptions): Record<string, string> {
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
      ...bundleFiles(`pages/${content.script}.ts`, content.script),
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

function readSource(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
