import * as z from 'zod/mini';
import { noteRecovery } from './just-recovered.ts';
import { createSimulatedPasskey, signJws, storeBoundPasskey } from './simulated-passkey.ts';
import { postToTenant, readClientConfig, V1TenantError } from './v1-tenant-client.ts';

/** Why a link is invalid, by the status of the tenant's response. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [401, 'malformed'],
  [404, 'malformed'],
  // used, expired or revoked: the vendor does not say which
  [410, 'used'],
]);

/** The link does not work. */
class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly reason: string;

  constructor(reason: string) {
    super(`The recovery link is ${reason}.`);
    this.reason = reason;
  }
}

const linkInfo = z.object({ identity: z.object({ id: z.string() }) });
const bound = z.object({ id: z.string(), state: z.literal('ACTIVE') });

/**
 * Simulated: replaces the vendor's web SDK, and does what its `bindPasskey` sends. Resolves once the browser has a passkey and the
 * tenant its public key. Rejects with a `reason` (`used` or `malformed`) for an invalid link, and with any other error when the
 * user can try again.
 */
export async function registerCredential(link: URL): Promise<void> {
  const parameter = (name: string) => link.searchParams.get(name) ?? '';
  const [tenantId, realmId, identityId, jobId] = ['tenant_id', 'realm_id', 'identity_id', 'job_id'].map(
    parameter,
  );
  const token = parameter('token');
  // the link is input: its token goes to the tenant of this app only
  const { tenantUrl } = await readClientConfig();
  if (parameter('api_base_url') !== tenantUrl) throw new LinkError('malformed');
  const path = [tenantId, realmId, identityId, jobId].map((id) => encodeURIComponent(id ?? ''));
  const job = `${tenantUrl}/v1/tenants/${path[0]}/realms/${path[1]}/identities/${path[2]}/credential-binding-jobs/${path[3]}`;
  try {
    await postToTenant(`${job}:getInfo`, { token }, linkInfo);
    const passkey = await createSimulatedPasskey();
    const payload = { sub: `CN=${identityId}, OU=${realmId}, O=${tenantId}`, token };
    const body = { type: 'JWT', raw: await signJws(passkey, payload) };
    const { id } = await postToTenant(`${job}:bind`, { token, body }, bound);
    await storeBoundPasskey({ credentialId: id, privateKey: passkey.privateKey });
  } catch (error) {
    const reason = error instanceof V1TenantError ? REASONS.get(error.status) : undefined;
    throw reason === undefined ? error : new LinkError(reason);
  }
  noteRecovery();
}
