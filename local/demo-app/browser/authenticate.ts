import { browserSupportsWebAuthn, startAuthentication, WebAuthnError } from '@simplewebauthn/browser';
import * as z from 'zod/mini';
import { AUTHENTICATION_OPTIONS_PATH, AUTHENTICATION_VERIFY_PATH } from '../../paths.ts';
import { toDismissal } from './dismissal.ts';
import { callTenant, TenantError } from './tenant-client.ts';

/**
 * The outcome of a sign-in: `dismissed` by the user or without a credential on the device, a credential `unknown` to the
 * tenant, the tenant `unreachable`, a browser without WebAuthn (`unsupported`), or a `failed` device.
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

/** Signs in with a credential that the user picks. Never rejects. */
export async function authenticate(): Promise<Outcome> {
  if (!browserSupportsWebAuthn()) return { kind: 'unsupported' };
  try {
    const optionsJSON = await callTenant(AUTHENTICATION_OPTIONS_PATH, {}, requestOptions);
    const response = await startAuthentication({ optionsJSON });
    const { displayName } = await callTenant(AUTHENTICATION_VERIFY_PATH, { response }, signedIn);
    return { kind: 'signed-in', name: displayName };
  } catch (error) {
    return { kind: kindOf(error) };
  }
}

function kindOf(error: unknown): Exclude<Outcome['kind'], 'signed-in' | 'unsupported'> {
  if (toDismissal(error) !== undefined) return 'dismissed';
  if (error instanceof TenantError) return error.reason === 'unknown-credential' ? 'unknown' : 'failed';
  return error instanceof WebAuthnError ? 'failed' : 'unreachable';
}
