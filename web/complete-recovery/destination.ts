import { webUrl } from '../web-url.ts';

/** The parameter of a recovery link that selects one of the allowed URLs. */
export const CONTINUE_PARAMETER = 'continue';

/**
 * Returns the URL to open after the registration, or `undefined` if no allowed URL is valid. `allowed` holds exact URLs, which
 * may be relative to `base`. The link may select one of them; any other value selects the first. This prevents open redirects
 * (CWE-601).
 */
export function destinationOf(link: URL, allowed: readonly string[], base: string): URL | undefined {
  const urls = allowed.map((text) => webUrl(text, base)).filter((url) => url !== undefined);
  const text = link.searchParams.get(CONTINUE_PARAMETER);
  const asked = text ? webUrl(text, base) : undefined;
  return urls.find(({ href }) => href === asked?.href) ?? urls[0];
}
