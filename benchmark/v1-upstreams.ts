import { probit } from 'simple-statistics';
import type { FaultSwitch } from '../local/fault-switch.ts';
import type { V1TenantFault } from '../local/tenant/v1/fault.ts';
import { identityId, type SimulatedIdentity } from '../local/tenant/v1/identities.ts';
import type { V1Tenant } from '../local/tenant/v1/options.ts';
import { SIMULATED_CLIENT_ID, SIMULATED_IDS } from '../local/tenant/v1/simulated-ids.ts';
import { emailOf } from './tenant.ts';

/** How long each call of the healthy tenant takes: normally distributed. */
const LATENCY = { meanMs: 150, deviationMs: 40 };

/** The identities of so many known and suspended users. */
export function v1Identities(users: number): SimulatedIdentity[] {
  return Array.from({ length: users }, (_, number) => number).flatMap((number) => [
    identityOf(emailOf('known', number), 'active'),
    identityOf(emailOf('suspended', number), 'suspended'),
  ]);
}

function identityOf(email: string, status: SimulatedIdentity['status']): SimulatedIdentity {
  return { id: identityId(email), username: email, primaryEmailAddress: email, displayName: email, status };
}

/** A realistic latency as a fault that never ends. */
export function createLatencySwitch(): FaultSwitch<V1TenantFault> {
  const next = (): V1TenantFault => ({
    kind: 'slow',
    delayMs: Math.max(0, Math.round(LATENCY.meanMs + LATENCY.deviationMs * probit(Math.random()))),
  });
  return { current: undefined, set() {}, heal() {}, next };
}

/** The variables that have a function call this tenant. */
export function v1Environment({ url }: V1Tenant): Record<string, string> {
  return {
    BEYOND_IDENTITY_PLATFORM: 'v1',
    BEYOND_IDENTITY_API_URL: url,
    BEYOND_IDENTITY_AUTH_URL: url,
    BEYOND_IDENTITY_TENANT_ID: SIMULATED_IDS.tenantId,
    BEYOND_IDENTITY_REALM_ID: SIMULATED_IDS.realmId,
    BEYOND_IDENTITY_APPLICATION_ID: SIMULATED_IDS.applicationId,
    BEYOND_IDENTITY_APPLICATION_REALM_ID: SIMULATED_IDS.applicationRealmId,
    BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: SIMULATED_IDS.authenticatorConfigId,
  };
}

/** The value of the secret with this client secret. */
export function clientCredentials(clientSecret: string): string {
  return JSON.stringify({ CLIENT_ID: SIMULATED_CLIENT_ID, CLIENT_SECRET: clientSecret });
}

/** The recipients of the emails whose job's response was lost. */
export function lostRecipients(tenant: V1Tenant, identities: readonly SimulatedIdentity[]): string[] {
  const byId = new Map(identities.map(({ id, username }) => [id, username]));
  return tenant.requests
    .filter(({ isMailed, isResponseLost }) => isMailed && isResponseLost)
    .map(({ path }) => byId.get(path.split('/')[7] ?? '') ?? path);
}
