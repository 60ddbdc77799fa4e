import { canonicalAddress } from '../../core/address.ts';
import type { Directory } from '../../core/forward.ts';

/**
 * For apps that gave Beyond Identity the email address as the user's external id, as the vendor's samples do. External
 * ids are compared to the letter, so that the address is tried as typed and then in lower case, which most apps store.
 */
export const emailDirectory: Directory = {
  referencesOf: async (address) => [...new Set([address, canonicalAddress(address)])],
};
