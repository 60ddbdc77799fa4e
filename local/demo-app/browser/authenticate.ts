import { WebAuthnError } from '@simplewebauthn/browser';
import * as z from 'zod/mini';
import { AUTHENTICATION_OPTIONS_PATH, AUTHENTICATION_VERIFY_PATH } from '../../paths.ts';
import { canAuthenticate, isSimulatedAuthenticatorOn, signWithCredential } from './authenticator.ts';
import { toDismissal } from './dismissal.ts';
import { callTenant, TenantError } from './tenant-client.ts';

/** Why a sign-in failed: see {@link Outcome}. */
type FailureKind = 'dismissed' | 'unknown' | 'unreachable' | 'unsupported' | 'failed';

/**
 * The outcome of a sign-in: `dismissed` by the user or without a credential on the device, a credential `unknown` to the
 * tenant, the tenant `unreachable`, a browser without WebAuthn (`unsupported`), or a `failed` device. `mayBeSimulated`: the
 * simulated authenticator of the panel may help.
 */
export type Outcome =
  | { readonly kind: 'signed-in'; readonly name: string }
  | { readonly kind: FailureKind; readonly mayBeSimulated?: boolean };

const requestOptions = z.object({
  rpId: z.string(),
  challenge: z.string(),
  timeout: z.exactOptional(z.number()),
  userVerification: z.literal('required'),
});
const signedIn = z.object({ displayName: z.string() });

/** Signs in with a credential that the user picks, or with the simulated authenticator. Never rejects. */
export async function authenticate(): Promise<Outcome> {
  if (!canAuthenticate()) return failure('unsupported');
  try {
    const optionsJSON = await callTenant(AUTHENTICATION_OPTIONS_PATH, {}, requestOptions);
    const response = await signWithCredential(optionsJSON);
    const { displayName } = await callTenant(AUTHENTICATION_VERIFY_PATH, { response }, signedIn);
    const simulated = isSimulatedAuthenticatorOn() ? ', with the simulated authenticator' : '';
    return { kind: 'signed-in', name: displayName + simulated };
  } catch (error) {
    return failure(kindOf(error));
  }
}

function failure(kind: FailureKind): Outcome {
  const isOfDevice = kind === 'dismissed' || kind === 'unsupported' || kind === 'failed';
  return { kind, mayBeSimulated: isOfDevice && !isSimulatedAuthenticatorOn() };
}

function kindOf(error: unknown): FailureKind {
  if (toDismissal(error) !== undefined) return 'dismissed';
  if (error instanceof TenantError) return error.reason === 'unknown-credential' ? 'unknown' : 'failed';
  return error instanceof WebAuthnError ? 'failed' : 'unreachable';
}
