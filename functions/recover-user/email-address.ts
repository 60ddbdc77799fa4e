import { domainToASCII } from 'node:url';

/** The longest address that SMTP can carry, in characters (RFC 5321 section 4.5.3.1.3, erratum 1690). */
export const MAXIMUM_ADDRESS_LENGTH = 254;

/** The local part of a "valid e-mail address" (HTML Living Standard, section 4.10.5.1.5). */
const LOCAL_PART = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+$/;

/** Its domain. No part of the pattern can match the same text in two ways, so it is linear (ASVS 1.3.12). */
const DOMAIN =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

const ASCII = /^[\x21-\x7e]+$/;

/** The form in which an address goes to Beyond Identity: as typed, but trimmed and in Unicode's NFC. */
export function normaliseAddress(typed: string): string {
  return typed.trim().normalize('NFC');
}

/**
 * Whether a browser's `<input type="email">` accepts the (normalised) address: a domain with other than ASCII
 * characters is judged by its ASCII form, as browsers do. Control characters and line breaks never pass, so nothing
 * can be added to a mail's header (ASVS 1.3.11).
 */
export function isEmailAddress(address: string): boolean {
  if (address.length > MAXIMUM_ADDRESS_LENGTH) return false;
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return (
    at > 0 &&
    LOCAL_PART.test(address.slice(0, at)) &&
    DOMAIN.test(ASCII.test(domain) ? domain : domainToASCII(domain))
  );
}
