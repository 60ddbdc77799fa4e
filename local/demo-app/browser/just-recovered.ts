/** Marks that the user comes from the recovery: the referrer policy hides the previous page from the sign-in page. */
const KEY = 'just-recovered';

/** Stores the mark for the sign-in page of this tab. */
export function noteRecovery(): void {
  sessionStorage.setItem(KEY, 'yes');
}

/** Returns whether the mark was set, and removes it. */
export function takeRecoveryNote(): boolean {
  const isNoted = sessionStorage.getItem(KEY) !== null;
  sessionStorage.removeItem(KEY);
  return isNoted;
}
