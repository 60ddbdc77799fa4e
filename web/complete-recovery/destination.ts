/** The parameter of a recovery link by which the app says to which of its allowed URLs the person wants to go. */
export const CONTINUE_PARAMETER = 'continue';

/**
 * Where the person goes once the credential is registered. `allowed` are exact URLs, relative ones to `base`; the link may name
 * one of them, letter for letter once both are written out, and anything else that it names is passed over for the first:
 * who makes links must not choose where they lead (CWE-601). `undefined` where nothing is allowed.
 */
export function destinationOf(link: URL, allowed: readonly string[], base: string): URL | undefined {
  const urls = allowed
    .flatMap((text) => (URL.canParse(text, base) ? [new URL(text, base)] : []))
    .filter(isWebUrl);
  const asked = link.searchParams.get(CONTINUE_PARAMETER) ?? '';
  return urls.find(({ href }) => URL.canParse(asked, base) && new URL(asked, base).href === href) ?? urls[0];
}

/** `javascript:` and its like are no places to go; without TLS only the own machine is. */
function isWebUrl({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  );
}
