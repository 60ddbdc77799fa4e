import type { CaptchaProvider } from '../../../functions/adapters/captcha/captcha-verifier.ts';

/** Keys that a provider publishes for tests: they work for everyone and protect nothing. */
export interface CaptchaTestKeys {
  /** The site key for the widget. */
  readonly siteKey: string;
  /** The secret key that accepts the token. */
  readonly secret: string;
  /** The token that the widget returns for this site key; reCAPTCHA's test keys accept any token. */
  readonly token: string;
}

/**
 * The providers' test keys that pass.
 *
 * - https://developers.cloudflare.com/turnstile/troubleshooting/testing/
 * - https://docs.hcaptcha.com/#integration-testing-test-keys
 * - https://developers.google.com/recaptcha/docs/faq (version 2; version 3 has none)
 */
export const CAPTCHA_TEST_KEYS: Readonly<Record<CaptchaProvider, CaptchaTestKeys>> = {
  turnstile: {
    siteKey: '1x00000000000000000000AA',
    secret: '1x0000000000000000000000000000000AA',
    token: 'XXXX.DUMMY.TOKEN.XXXX',
  },
  hcaptcha: {
    siteKey: '10000000-ffff-ffff-ffff-000000000001',
    secret: '0x0000000000000000000000000000000000000000',
    token: '10000000-aaaa-bbbb-cccc-000000000001',
  },
  recaptcha: {
    siteKey: '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI',
    secret: '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe',
    token: 'any-token',
  },
};

/** Turnstile's test secret that rejects every token. */
export const TURNSTILE_FAILING_SECRET = '2x0000000000000000000000000000000AA';

/** Turnstile's test secret for which every token is already spent. */
export const TURNSTILE_SPENT_SECRET = '3x0000000000000000000000000000000AA';
