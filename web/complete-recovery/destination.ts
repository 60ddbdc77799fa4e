import { webUrl } from '../web-url.ts';

/** The parameter of a recovery link that selects one of the allowed URLs. */
export const CONTINUE_PARAMETER = 'continue';

/**
 * Returns the URL to open after the registration, or `undefined` if no allowed URL is valid. `allowed` holds exact URLs, which
 * may be relative to `base`. The link may select one of them, and else the tenant with `redirectUrl`; any other value selects the
 * first. This prevents open redirects (CWE-601).
 */
export function destinationOf(
  link: URL,
  allowed: readonly string[],
  base: string,
  redirectUrl?: string,
): URL | undefined {
  const urls = allowed.map((text) => webUrl(text, base)).filter((url) => url !== undefined);
  const asked = [link.searchParams.get(CONTINUE_PARAMETER), redirectUrl]
    .map((text) => (text ? webUrl(text, base) : undefined))
    .map((wanted) => urls.find(({ href }) => href === wanted?.href));
  return asked.find((url) => url !== undefined) ?? urls[0];
}

/** Opens the URL. The recovery link, which is used, stays neither in the history nor in the referrer. */
export function leaveFor(destination: URL): void {
  const here = new URL(location.href);
  here.search = '';
  here.hash = '';
  history.replaceState(history.state, '', here);
  location.replace(destination);
  // `replace` alone does not load the page if only the fragment differs
  if (destination.hash !== '' && destination.href.startsWith(`${here.href}#`)) location.reload();
}
