import { type BuiltPage, buildPage, linkAttributes, type PageOptions } from './build-page.ts';
import { bundle } from './bundle.ts';
import type { PolicyOptions } from './content-security-policy.ts';

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
