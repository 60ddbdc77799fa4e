/** A user of the simulated tenant. */
export interface SimulatedUser {
  /** The user's identifier in the app's own database; here, as in the vendor's samples, the address. */
  readonly externalId: string;
  /** The verified, registered address: the only one that mail goes to. */
  readonly email: string;
  readonly displayName: string;
  readonly status: 'active' | 'suspended';
}

/** The users that a tenant has unless told otherwise. */
export const SIMULATED_USERS: readonly SimulatedUser[] = [
  { externalId: 'jane@example.com', email: 'jane@example.com', displayName: 'Jane Doe', status: 'active' },
  { externalId: 'john@example.com', email: 'john@example.com', displayName: 'John Roe', status: 'active' },
  { externalId: 'sam@example.com', email: 'sam@example.com', displayName: 'Sam Poe', status: 'suspended' },
];

/** The user with this external id, compared to the letter: it is the app's own identifier, and no address to the tenant. */
export function findUser(users: readonly SimulatedUser[], externalId: string): SimulatedUser | undefined {
  return users.find((user) => user.externalId === externalId);
}
