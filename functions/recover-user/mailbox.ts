import { createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** Domains whose provider ignores dots in the local part, and the one name under which they are the same mailbox. */
const DOTLESS_DOMAINS: ReadonlyMap<string, string> = new Map([
  ['gmail.com', 'gmail.com'],
  ['googlemail.com', 'gmail.com'],
]);

const ASCII = /^[\x21-\x7e]*$/;

/**
 * One name for all spellings of a mailbox: NFKC, small letters, without plus tag, without the dots that Gmail ignores,
 * the domain in ASCII without a final dot. For limits only: what goes to Beyond Identity is the address as typed.
 */
export function canonicalMailbox(address: string): string {
  const spelled = address.normalize('NFKC').toLowerCase();
  const at = spelled.lastIndexOf('@');
  const typedDomain = spelled.slice(at + 1).replace(/\.$/, '');
  const asciiDomain = ASCII.test(typedDomain) ? typedDomain : domainToASCII(typedDomain) || typedDomain;
  const dotlessDomain = DOTLESS_DOMAINS.get(asciiDomain);
  const untagged = withoutTag(spelled.slice(0, at));
  return dotlessDomain === undefined
    ? `${untagged}@${asciiDomain}`
    : `${untagged.replaceAll('.', '') || untagged}@${dotlessDomain}`;
}

/** A tag is what follows the first plus; a name that begins with one has none. */
function withoutTag(localPart: string): string {
  const plus = localPart.indexOf('+');
  return plus > 0 ? localPart.slice(0, plus) : localPart;
}

/**
 * The mailbox as limits, logs and audit events know it: an HMAC-SHA-256 under a secret key, because addresses are few
 * enough to invert a bare hash by trying.
 */
export function pseudonymOf(address: string, key: string): string {
  return createHmac('sha256', key).update(canonicalMailbox(address)).digest('base64url');
}
