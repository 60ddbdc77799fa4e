import { type BuiltPage, buildPage, linkAttributes, type PageOptions } from './build-page.ts';
import type { CaptchaProvider } from './recover-user-form/captcha-provider.ts';

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
