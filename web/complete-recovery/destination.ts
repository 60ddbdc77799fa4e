import { webUrl } from '../web-url.ts';

/** The parameter of a recovery link by which the app says to which of its allowed URLs the person wants to go. */
export const CONTINUE_PARAMETER = 'continue';

/**
 * Where the person goes once the credential is registered. `allowed` are exact URLs, relative ones to `base`; the link may name
 * one of them, letter for letter once both are written out, and anything else that it names is passed over for the first:
 * who makes links must not choose where they lead (CWE-601). `undefined` where nothing is allowed.
 */
export function destinationOf(link: URL, allowed: readonly string[], base: string): URL | undefined {
  const urls = allowed.map((text) => webUrl(text, base)).filter((url) => url !== undefined);
  const text = link.searchParams.get(CONTINUE_PARAMETER);
  const asked = text ? webUrl(text, base) : undefined;
  return urls.find(({ href }) => href === asked?.href) ?? urls[0];
}
