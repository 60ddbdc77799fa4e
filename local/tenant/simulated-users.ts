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

/** The user with this external id, which is compared without regard to letter case, as addresses usually are. */
export function findUser(users: readonly SimulatedUser[], externalId: string): SimulatedUser | undefined {
  const wanted = externalId.toLowerCase();
  return users.find((user) => user.externalId.toLowerCase() === wanted);
}
