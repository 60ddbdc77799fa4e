import { canonicalAddress } from '../../core/address.ts';
import type { Directory } from '../../core/directory.ts';
import { canBeUserName } from '../beyond-identity/v1-identities.ts';

/**
 * For v0 apps that gave Beyond Identity the email address as the user's external id, as the vendor's samples do. External
 * ids are compared to the letter, so that the address is tried as typed and then in lower case, which most apps store.
 */
export const externalIdDirectory: Directory = {
  resolve: async (address) => {
    const user = canonicalAddress(address);
    return { user, references: [...new Set([address, user])] };
  },
};

/** For v1 apps whose user names are email addresses. No user has an address that cannot be a user name. */
export const userNameDirectory: Directory = {
  resolve: async (address) => {
    const user = canonicalAddress(address);
    return { user, references: canBeUserName(user) ? [user] : [] };
  },
};
