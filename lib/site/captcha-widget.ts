import type { CaptchaProvider } from '../../web/recover-user-form/captcha-provider.ts';
import type { CaptchaConfig } from '../config/config.ts';

/** The widget that a page shows for a CAPTCHA, with the provider's public key for it; `undefined`: none. */
export function widgetOf(
  captcha: CaptchaConfig | undefined,
): { provider: CaptchaProvider; siteKey: string } | undefined {
  if (captcha?.siteKey === undefined) return undefined;
  const { provider, minimumScore, siteKey } = captcha;
  // only version 3 has scores, and nothing else distinguishes the two versions
  const hasScores = provider === 'recaptcha' && minimumScore !== undefined;
  return { provider: hasScores ? 'recaptcha-v3' : provider, siteKey };
}
