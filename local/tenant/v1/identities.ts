import { createHash } from 'node:crypto';
import { SIMULATED_USERS } from '../simulated-users.ts';
import type { TenantIds } from './simulated-ids.ts';

/** An identity of the simulated tenant. */
export interface SimulatedIdentity {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** Unique, whatever the case. */
  readonly username: string;
  /** The registered address, the only one that receives email. */
  readonly primaryEmailAddress?: string;
  readonly displayName: string;
  readonly status: 'active' | 'suspended';
}

/** An identity that has a user name like an address, but no address. */
const WITHOUT_ADDRESS: SimulatedIdentity = {
  id: identityId('noah@example.com'),
  username: 'noah@example.com',
  displayName: 'Noah Loe',
  status: 'active',
};

/** The identities of a tenant by default: the users of every simulated tenant, and one without an email address. */
export const SIMULATED_IDENTITIES: readonly SimulatedIdentity[] = [
  ...SIMULATED_USERS.map(({ externalId, email, displayName, status }) => ({
    id: identityId(externalId),
    username: externalId,
    primaryEmailAddress: email,
    displayName,
    status,
  })),
  WITHOUT_ADDRESS,
];

/** Identities without an order, by user name. */
export function withUsername(
  identities: readonly SimulatedIdentity[],
  username: string,
): readonly SimulatedIdentity[] {
  return identities.filter((identity) => identity.username.toLowerCase() === username.toLowerCase());
}

/** The vendor's document about an identity. */
export function describeIdentity(identity: SimulatedIdentity, { tenantId, realmId }: TenantIds): object {
  const { id, username, primaryEmailAddress, displayName, status } = identity;
  return {
    id,
    realm_id: realmId,
    tenant_id: tenantId,
    display_name: displayName,
    create_time: '2026-01-01T00:00:00.000000Z',
    update_time: '2026-01-01T00:00:00.000000Z',
    status,
    enrollment_status: 'ENROLLED',
    traits: describeTraits(username, primaryEmailAddress),
  };
}

/** The vendor's document about an identity's traits. */
export function describeTraits(username: string, primaryEmailAddress: string | undefined): object {
  return {
    type: 'traits_v0',
    username,
    ...(primaryEmailAddress !== undefined && { primary_email_address: primaryEmailAddress }),
  };
}

/** The id of the simulated identity with this user name. */
export function identityId(username: string): string {
  return createHash('sha256').update(`identity ${username}`).digest('hex').slice(0, 16);
}
