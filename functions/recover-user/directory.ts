import type { Directory } from './forward.ts';

/** For apps that gave Beyond Identity the e-mail address as the user's external id, as the vendor's samples do. */
export const addressIsExternalId: Directory = {
  externalIdOf: async (address) => address,
};
