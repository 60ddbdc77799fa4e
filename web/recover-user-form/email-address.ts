/** The longest address that the endpoint accepts, in characters. */
export const MAX_EMAIL_LENGTH = 254;

/**
 * What the endpoint may accept: the grammar of `<input type="email">` (HTML Living Standard, section 4.10.5.1.5), with letters of
 * any script in the domain. An input of that type would show such a domain in its encoded form.
 */
const ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)*$/u;

/** Characters that are not seen, which come with copied text: zero-width ones, marks of the writing direction, soft hyphens. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** At signs that look like the one of an address: full-width and small. */
const OTHER_AT_SIGNS = /[\uff20\ufe6b]/g;

/** Whether this may be an address. The endpoint decides. */
export function isEmailAddress(text: string): boolean {
  return text.length <= MAX_EMAIL_LENGTH && ADDRESS.test(text);
}

/**
 * Returns the address in a copied text such as `Jane <jane@example.com>`, `mailto:jane@example.com?subject=...` or one with
 * invisible characters. What holds no address is returned trimmed and without these characters.
 */
export function cleanEmailAddress(text: string): string {
  const plain = text.replace(INVISIBLE, '').replace(OTHER_AT_SIGNS, '@').trim();
  const bracketed = /<([^<>]*)>[\s;,]*$/.exec(plain)?.[1]?.trim() ?? plain;
  const address = /^mailto:/i.test(bracketed) ? recipientOf(bracketed) : bracketed;
  return isEmailAddress(address) ? address : plain;
}

/** The recipient of a `mailto:` URL (RFC 6068). */
function recipientOf(url: string): string {
  const encoded = url.slice('mailto:'.length).split('?')[0] ?? '';
  try {
    return decodeURIComponent(encoded).trim();
  } catch {
    return encoded;
  }
}
