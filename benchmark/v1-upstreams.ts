import { probit } from 'simple-statistics';
import type { FaultSwitch } from '../local/fault-switch.ts';
import type { V1TenantFault } from '../local/tenant/v1/fault.ts';
import { identityId, type SimulatedIdentity } from '../local/tenant/v1/identities.ts';
import type { V1Tenant } from '../local/tenant/v1/options.ts';
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

/** The recipients of the emails whose job's response was lost. */
export function lostRecipients(tenant: V1Tenant, identities: readonly SimulatedIdentity[]): string[] {
  const byId = new Map(identities.map(({ id, username }) => [id, username]));
  return tenant.requests
    .filter(({ isMailed, isResponseLost }) => isMailed && isResponseLost)
    .map(({ path }) => byId.get(path.split('/')[7] ?? '') ?? path);
}
