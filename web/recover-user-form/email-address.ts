/** The longest address that the endpoint accepts, in characters. */
export const MAX_EMAIL_LENGTH = 254;

/**
 * What the endpoint may accept: the grammar of `<input type="email">` (HTML Living Standard, section 4.10.5.1.5), with letters of
 * any script in the domain. An input of that type would show such a domain in its encoded form.
 */
const ADDRESS =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)*$/u;

/**
 * Characters that are not seen, which come with copied text: marks of the writing direction, soft hyphens, selectors of a
 * variant. Not the joiners U+200C and U+200D: they tell domains apart (RFC 5892, appendix A), and an address with one is rejected.
 */
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;

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
  const [, name = '', inBrackets = plain] = /^([^<>]*)<([^<>]*)>[\s;,]*$/.exec(plain) ?? [];
  const recipient = inBrackets.trim();
  const address = /^mailto:/i.test(recipient) ? recipientOf(recipient) : recipient;
  // a second address is not dropped: the user may mean that one
  const isOnly = !name.includes('@') || name.replace(/["'\s]/g, '') === address;
  return isOnly && isEmailAddress(address) ? address : plain;
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
