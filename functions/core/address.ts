/**
 * One name for all spellings of a (normalized) address that can reach the same user: letter case is all in which they
 * may differ. Tags and dots stay: with them it is another user, or nobody, who must not count against the owner.
 */
export function canonicalAddress(address: string): string {
  return address.toLowerCase();
}
