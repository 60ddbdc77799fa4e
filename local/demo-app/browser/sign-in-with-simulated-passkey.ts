import * as z from 'zod/mini';
import { SIGN_IN_CHALLENGE_PATH, SIGN_IN_PATH } from '../../paths.ts';
import type { Outcome } from './authenticate.ts';
import { loadBoundPasskey, signText } from './simulated-passkey.ts';
import { postToTenant, V1TenantError } from './v1-tenant-client.ts';

const challenged = z.object({ challenge: z.string() });
const signedIn = z.object({ display_name: z.string() });

/**
 * Simulated: replaces the OpenID Connect flow with the vendor's web SDK. This browser's passkey signs the tenant's challenge.
 * Never rejects.
 */
export async function signInWithSimulatedPasskey(tenantUrl: string): Promise<Outcome> {
  try {
    const passkey = await loadBoundPasskey();
    if (passkey === undefined) return { kind: 'dismissed' };
    const { challenge } = await postToTenant(tenantUrl + SIGN_IN_CHALLENGE_PATH, {}, challenged);
    const signature = await signText(passkey.privateKey, challenge);
    const body = { credential_id: passkey.credentialId, challenge, signature };
    const { display_name: name } = await postToTenant(tenantUrl + SIGN_IN_PATH, { body }, signedIn);
    return { kind: 'signed-in', name: `${name}, with a simulated passkey` };
  } catch (error) {
    if (!(error instanceof V1TenantError)) return { kind: 'unreachable' };
    if (error.status >= 500 || error.status === 429) return { kind: 'unreachable' };
    return { kind: error.status === 404 ? 'unknown' : 'failed' };
  }
}
