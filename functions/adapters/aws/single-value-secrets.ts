import type { Deadline } from '../../core/deadline.ts';
import type { Pseudonyms } from '../../core/recover-user.ts';
import { createCachedSecret, type SecretOptions } from './cached-secret.ts';
import { pseudonymsUnder } from './pseudonym.ts';
import { valueUnder } from './secret-value.ts';

/** Pseudonyms under a key in a secret of its own, bare or as JSON with `PSEUDONYM_KEY`. */
export function createPseudonymKeySecret(options: SecretOptions): {
  pseudonyms: Pseudonyms;
  ready: Promise<void>;
} {
  const secret = createCachedSecret(options, (value) =>
    valueUnder('PSEUDONYM_KEY', value, 'store a long random text in it'),
  );
  return { ready: secret.ready, pseudonyms: pseudonymsUnder(secret.current) };
}

/** The secret key of the CAPTCHA in a secret of its own, bare or as JSON with `CAPTCHA_SECRET`. */
export function createCaptchaSecret(options: SecretOptions): {
  captchaSecret(deadline: Deadline): Promise<string | undefined>;
  ready: Promise<void>;
} {
  const secret = createCachedSecret(options, (value) =>
    valueUnder('CAPTCHA_SECRET', value, "store the CAPTCHA provider's secret key in it"),
  );
  return { ready: secret.ready, captchaSecret: secret.current };
}
