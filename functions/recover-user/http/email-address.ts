import { domainToASCII } from 'node:url';

/** The longest address that SMTP can carry, in characters (RFC 5321 section 4.5.3.1.3, erratum 1690). */
export const MAXIMUM_ADDRESS_LENGTH = 254;

/** What the local part of a valid email address is made of (HTML Living Standard, section 4.10.5.1.5). */
const LOCAL_PART = "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\\-]+";

/**
 * What a domain may be made of before its conversion to A-labels: letters, digits, hyphens, dots, and anything beyond
 * ASCII but control characters and white space. Nothing else may reach the conversion: a URL parser, which strips tabs
 * and line breaks, decodes `%41`, and takes what follows a `/`, `?`, `#` or `\` for no part of the host.
 */
const TYPED_DOMAIN =
  '[a-zA-Z0-9.\\-\\u00a1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\uffff]+';

/**
 * What an address must look like as typed, white space around it included. No two neighboring parts share a character,
 * so that there is one way to match and the time is linear (ASVS 1.3.12).
 */
export const TYPED_ADDRESS = new RegExp(`^\\s*${LOCAL_PART}@${TYPED_DOMAIN}\\s*$`);

/** An address in the form in which it is forwarded: the domain of a valid email address (HTML Living Standard). */
export const ADDRESS = new RegExp(
  `^${LOCAL_PART}@[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?)*$`,
);

/** With a last label that is no number, the URL parser never takes a domain for an IPv4 address. */
const NO_IP_ADDRESS = '.invalid';

/**
 * The one form of an address: trimmed, in Unicode's NFC, the domain in A-labels (RFC 5890), as browsers send it. Letter
 * case stays as typed, because an app may have stored it like that. What is no address comes back as no address.
 */
export function normalizeAddress(typed: string): string {
  const address = typed.trim().normalize('NFC');
  if (/^\p{ASCII}*$/u.test(address) || !TYPED_ADDRESS.test(address)) return address;
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1) + NO_IP_ADDRESS).slice(0, -NO_IP_ADDRESS.length);
  return domain === '' ? address : `${address.slice(0, at)}@${domain}`;
}

/**
 * Whether a browser's `<input type="email">` accepts the (normalized) address. Control characters, white space and line
 * breaks never pass, so that nothing can be added to an email's header (ASVS 1.3.11).
 */
export function isEmailAddress(address: string): boolean {
  return address.length <= MAXIMUM_ADDRESS_LENGTH && ADDRESS.test(address);
}
