import { canonicalAddress } from '../../core/address.ts';
import type { Directory } from '../../core/directory.ts';

/**
 * For apps that gave Beyond Identity the email address as the user's reference, as the vendor's samples do. External ids
 * (v0) are compared to the letter, so that the address is tried as typed and then in lower case, which most apps store.
 */
export const exactEmailDirectory: Directory = {
  resolve: async (address) => {
    const user = canonicalAddress(address);
    return { user, references: [...new Set([address, user])] };
  },
};

/** As {@link exactEmailDirectory}, where letter case makes no difference, as in user names (v1): there is one reference. */
export const emailDirectory: Directory = {
  resolve: async (address) => {
    const user = canonicalAddress(address);
    return { user, references: [user] };
  },
};
