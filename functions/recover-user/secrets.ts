import { createForwardingPorts } from '#forwarding';
import { secretOptions } from '../adapters/aws/clients.ts';
import { createCaptchaSecret, createPseudonymKeySecret } from '../adapters/aws/single-value-secrets.ts';
import type { Ports, Pseudonyms } from '../core/recover-user.ts';
import type { Context } from '../runtime/context.ts';
import type { Config } from './config.ts';

export type CaptchaSecret = ReturnType<typeof createCaptchaSecret>['captchaSecret'];

/** What depends on a secret in Secrets Manager. */
export interface SecretPorts {
  pseudonyms: Pseudonyms;
  /** Absent where no secret can hold it. */
  captchaSecret: CaptchaSecret | undefined;
  /** Absent where requests go straight to the outbox: then nothing here can read the credential. */
  forwarding: Ports['forwarding'];
  /** Each resolves when a first read is over, however it ended. */
  ready: Promise<void>[];
}

/** Starts to read every secret; what has none of its own is in the JSON of the credential's. */
export function createSecretPorts(config: Config, context: Context): SecretPorts {
  const captcha = config.captchaSecretId
    ? createCaptchaSecret(secretOptions(config.captchaSecretId, context))
    : undefined;
  const ready = captcha ? [captcha.ready] : [];
  if (config.forwarding === undefined) {
    const key = createPseudonymKeySecret(secretOptions(config.pseudonymKeySecretId, context));
    const { pseudonyms } = key;
    return {
      pseudonyms,
      captchaSecret: captcha?.captchaSecret,
      forwarding: undefined,
      ready: [...ready, key.ready],
    };
  }
  const credential = createForwardingPorts(config.forwarding, context);
  const key = config.pseudonymKeySecretId
    ? createPseudonymKeySecret(secretOptions(config.pseudonymKeySecretId, context))
    : undefined;
  return {
    pseudonyms: key?.pseudonyms ?? credential.pseudonyms,
    captchaSecret: captcha?.captchaSecret ?? credential.captchaSecret,
    forwarding: credential.forwarding,
    ready: [...ready, ...(key ? [key.ready] : []), credential.ready],
  };
}
