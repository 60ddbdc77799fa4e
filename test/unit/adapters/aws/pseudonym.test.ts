import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pseudonymOf } from '../../../../functions/adapters/aws/pseudonym.ts';
import { canonicalAddress } from '../../../../functions/core/address.ts';
import { normalizeAddress } from '../../../../functions/recover-user/http/email-address.ts';

/** Spellings that reach the same user at Beyond Identity. */
const SAME_USER: [string, string][] = [
  ['jane@example.com', 'Jane@example.com'],
  ['jane@example.com', 'JANE@EXAMPLE.COM'],
  ['jane@example.com', 'jane@Example.Com'],
  ['jane.doe+x@example.com', 'Jane.Doe+X@Example.com'],
  ['jane@example.com', ' jane@example.com\n'],
  ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
  ['jane@bücher.example', 'jane@XN--BCHER-KVA.example'],
  ['jane@bücher.example', 'jane@BÜCHER.example'],
  ['jane@bücher.example', 'Jane@Bu\u0308cher.Example'],
  ['jane@例え.テスト', 'jane@xn--r8jz45g.xn--zckzah'],
  ['jane@example.com', 'jane@ｅｘａｍｐｌｅ.com'],
  ['jane@example.com', 'jane@example。com'],
  ['jane@example.com', 'jane@exa\u00admple.com'],
  ['jane@faß.example', 'jane@xn--fa-hia.example'],
  ['jane@straße.example', 'jane@STRAẞE.example'],
  ['jane@ﬁrma.example', 'jane@firma.example'],
];

/** Addresses that reach different users, or nobody, however alike: none may count against another. */
const DIFFERENT_USERS = [
  'jane@example.com',
  'jane+1@example.com',
  'jane+@example.com',
  'jane@example.org',
  'jane@mail.example.com',
  'janet@example.com',
  'j.ane@example.com',
  'jane.@example.com',
  '+jane@example.com',
  'jane@gmail.com',
  'j.ane@gmail.com',
  'jane+x@gmail.com',
  'jane@googlemail.com',
  'jane@bucher.example',
  'jane@bücher.example',
  'jane@fass.example',
  'jane@faß.example',
  '0@example.com',
  'o@example.com',
];

const nameOf = (typed: string) => pseudonymOf(canonicalAddress(normalizeAddress(typed)), 'key');

describe('the pseudonym of an address', () => {
  test('is the HMAC-SHA-256 of the address in lower case, under the key', () => {
    const expected = createHmac('sha256', 'key').update('jane+x@example.com').digest('base64url');
    expect(nameOf('Jane+X@Example.com')).toBe(expected);
    expect(pseudonymOf('jane+x@example.com', 'other')).not.toBe(expected);
  });

  test.each(SAME_USER)('is the same for %j and %j, which reach the same user', (one, other) => {
    expect(nameOf(other)).toBe(nameOf(one));
  });

  test('differs between addresses that reach different users, aliases and dots included', () => {
    expect(new Set(DIFFERENT_USERS.map(nameOf)).size).toBe(DIFFERENT_USERS.length);
  });

  test('is the same whatever the letter case, and differs by any tag', () => {
    const local = fc.stringMatching(/^[a-z0-9.]{1,20}$/);
    fc.assert(
      fc.property(local, fc.domain(), fc.stringMatching(/^[a-z0-9]{0,5}$/), (name, domain, tag) => {
        expect(nameOf(`${name}@${domain}`.toUpperCase())).toBe(nameOf(`${name}@${domain}`));
        expect(nameOf(`${name}+${tag}@${domain}`)).not.toBe(nameOf(`${name}@${domain}`));
      }),
    );
  });
});
