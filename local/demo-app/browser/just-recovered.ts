/** The referrer would tell the sign-in page that the person comes from the recovery, but it is kept from every page. */
const KEY = 'just-recovered';

/** Leaves a note for the sign-in page of this tab. */
export function noteRecovery(): void {
  sessionStorage.setItem(KEY, 'yes');
}

/** Whether there was a note; takes it away. */
export function takeRecoveryNote(): boolean {
  const isNoted = sessionStorage.getItem(KEY) !== null;
  sessionStorage.removeItem(KEY);
  return isNoted;
}
