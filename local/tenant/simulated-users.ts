/** A user of the simulated tenant. */
export interface SimulatedUser {
  /** The user's identifier in the app's own database; as in the vendor's samples, the email address. */
  readonly externalId: string;
  /** The verified, registered address: the only one that receives email. */
  readonly email: string;
  readonly displayName: string;
  readonly status: 'active' | 'suspended';
}

/** The default users of a tenant. */
export const SIMULATED_USERS: readonly SimulatedUser[] = [
  { externalId: 'jane@example.com', email: 'jane@example.com', displayName: 'Jane Doe', status: 'active' },
  { externalId: 'john@example.com', email: 'john@example.com', displayName: 'John Roe', status: 'active' },
  { externalId: 'sam@example.com', email: 'sam@example.com', displayName: 'Sam Poe', status: 'suspended' },
];

/** The user with exactly this external id: to the tenant it is the app's identifier, not an address. */
export function findUser(users: readonly SimulatedUser[], externalId: string): SimulatedUser | undefined {
  return users.find((user) => user.externalId === externalId);
}
