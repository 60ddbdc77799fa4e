import { browserSupportsWebAuthn, startAuthentication, WebAuthnError } from '@simplewebauthn/browser';
import * as z from 'zod/mini';
import { AUTHENTICATION_OPTIONS_PATH, AUTHENTICATION_VERIFY_PATH } from '../../paths.ts';
import { dismissalBehind } from './dismissal.ts';
import { askTenant, TenantRefusal } from './tenant-client.ts';

/**
 * What an attempt to sign in came to: `dismissed` by the person or for want of a credential, with a credential `unknown` to the
 * tenant, the tenant `unreachable`, a browser without WebAuthn (`unsupported`), or the device `failed`.
 */
export type Outcome =
  | { readonly kind: 'signed-in'; readonly name: string }
  | { readonly kind: 'dismissed' | 'unknown' | 'unreachable' | 'unsupported' | 'failed' };

const requestOptions = z.object({
  rpId: z.string(),
  challenge: z.string(),
  timeout: z.exactOptional(z.number()),
  userVerification: z.literal('required'),
});
const signedIn = z.object({ displayName: z.string() });

/** Has the device sign in with a credential of the person's choice. Never rejects. */
export async function authenticate(): Promise<Outcome> {
  if (!browserSupportsWebAuthn()) return { kind: 'unsupported' };
  try {
    const optionsJSON = await askTenant(AUTHENTICATION_OPTIONS_PATH, {}, requestOptions);
    const response = await startAuthentication({ optionsJSON });
    const { displayName } = await askTenant(AUTHENTICATION_VERIFY_PATH, { response }, signedIn);
    return { kind: 'signed-in', name: displayName };
  } catch (error) {
    return { kind: kindOf(error) };
  }
}

function kindOf(error: unknown): Exclude<Outcome['kind'], 'signed-in' | 'unsupported'> {
  if (dismissalBehind(error) !== undefined) return 'dismissed';
  if (error instanceof TenantRefusal) return error.reason === 'unknown-credential' ? 'unknown' : 'failed';
  return error instanceof WebAuthnError ? 'failed' : 'unreachable';
}
