import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isEmailAddress } from '../../functions/recover-user/email-address.ts';
import { canonicalMailbox, pseudonymOf } from '../../functions/recover-user/mailbox.ts';

/** Two spellings of one mailbox each. */
const TWINS: [string, string][] = [
  // letter case
  ['jane@example.com', 'Jane@example.com'],
  ['jane@example.com', 'JANE@EXAMPLE.COM'],
  ['jane@example.com', 'jane@Example.Com'],
  ['jane.doe@example.com', 'Jane.Doe@Example.com'],
  ['o-hara@example.com', 'O-Hara@EXAMPLE.com'],
  ['x@example.com', 'X@example.com'],
  ['jane_doe@example.co.uk', 'JANE_doe@Example.CO.uk'],
  ['istanbul@example.com', 'ISTANBUL@example.com'],
  ['k@example.com', 'K@example.com'],
  ['strasse@example.com', 'STRASSE@EXAMPLE.COM'],
  // plus tags
  ['jane@example.com', 'jane+a@example.com'],
  ['jane@example.com', 'jane+@example.com'],
  ['jane@example.com', 'jane+a+b@example.com'],
  ['jane@example.com', 'jane++@example.com'],
  ['jane@example.com', 'jane+2026-11-22@example.com'],
  ['jane@example.com', 'jane+jane@example.com'],
  ['jane@example.com', 'Jane+Recovery@Example.com'],
  ['jane@outlook.com', 'jane+x@outlook.com'],
  ['jane@icloud.com', 'jane+x@icloud.com'],
  ['jane@fastmail.com', 'jane+x.y@fastmail.com'],
  ['jane@protonmail.com', 'jane+%@protonmail.com'],
  ['jane.doe@example.com', 'jane.doe+x@example.com'],
  ['jane.doe@example.com', 'jane.doe+x.y.z@example.com'],
  ['jane+a@example.com', 'jane+b@example.com'],
  ['+jane@example.com', '+Jane@example.com'],
  // dots, where the provider ignores them
  ['jane@gmail.com', 'j.ane@gmail.com'],
  ['jane@gmail.com', 'j.a.n.e@gmail.com'],
  ['jane@gmail.com', 'jane.@gmail.com'],
  ['jane@gmail.com', '.jane@gmail.com'],
  ['jane@gmail.com', 'ja..ne@gmail.com'],
  ['janedoe@gmail.com', 'jane.doe@gmail.com'],
  ['jane.doe@gmail.com', 'j.anedo.e@gmail.com'],
  ['jane@gmail.com', 'J.A.N.E@GMAIL.COM'],
  ['jane@gmail.com', 'j.ane+x@gmail.com'],
  ['jane@gmail.com', 'jane+x.y@gmail.com'],
  ['jane@gmail.com', 'J.ane+X@Gmail.com'],
  ['jane@gmail.com', 'jane@googlemail.com'],
  ['jane@gmail.com', 'j.ane@googlemail.com'],
  ['jane@gmail.com', 'jane+x@googlemail.com'],
  ['jane@gmail.com', 'Ja.Ne+X.Y@GoogleMail.Com'],
  ['jane@googlemail.com', 'ja.ne@googlemail.com'],
  ['j@gmail.com', 'j.@gmail.com'],
  ['a1b2@gmail.com', 'a.1.b.2@gmail.com'],
  // domains: case, ASCII form, Unicode forms
  ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
  ['jane@bücher.example', 'jane@BÜCHER.example'],
  ['jane@bücher.example', 'jane@bu\u0308cher.example'],
  ['jane@bücher.example', 'jane@Bu\u0308cher.Example'],
  ['jane@bücher.example', 'jane+x@XN--BCHER-KVA.example'],
  ['jane@例え.テスト', 'jane@xn--r8jz45g.xn--zckzah'],
  ['jane@münchen.example', 'JANE+1@MÜNCHEN.EXAMPLE'],
  ['jane@example.com', 'jane@ｅｘａｍｐｌｅ.com'],
  ['jane@example.com', 'jane@example。com'],
  ['jane@example.com', 'jane@example．com'],
  ['jane@example.com', 'jane@ⓔxample.com'],
  ['jane@gmail.com', 'jane@ｇmail.com'],
  ['jane@gmail.com', 'j.ane@Ｇｍａｉｌ.com'],
  ['jane@example.com', 'jane@exa\u00admple.com'],
  ['jane@faß.example', 'jane@xn--fa-hia.example'],
  ['jane@straße.example', 'jane@STRAẞE.example'],
  ['jane@ñandú.example', 'jane@n\u0303andu\u0301.example'],
  ['jane@example.com', 'jane@example.com.'],
  ['jane@gmail.com', 'j.ane@gmail.com.'],
  ['jane@example.com', 'ｊane@example.com'],
  ['jane@example.com', 'ＪＡＮＥ＋x@example.com'],
  ['jane@ﬁrma.example', 'jane@firma.example'],
  ['jane@ⅷ.example', 'jane@viii.example'],
];

/** Mailboxes of different people, however alike. */
const STRANGERS = [
  'jane@example.com',
  'jane@example.org',
  'jane@mail.example.com',
  'janet@example.com',
  'jan@example.com',
  'j.ane@example.com',
  'jane.@example.com',
  'ja-ne@example.com',
  'jane_@example.com',
  'jane-x@example.com',
  'jane=x@example.com',
  'jane%x@example.com',
  '+jane@example.com',
  'jane@gmail.com',
  'janex@gmail.com',
  'jane-x@gmail.com',
  'jane_x@gmail.com',
  'jane@gmail.co',
  'jane@gmail.com.example',
  'jane@mail.gmail.com',
  'jane@outlook.com',
  'ja.ne@outlook.com',
  'jane@icloud.com',
  'ja.ne@icloud.com',
  'jane@bucher.example',
  'jane@bücher.example',
  'jane@buecher.example',
  'jane@fass.example',
  'jane@faß.example',
  '0@example.com',
  'o@example.com',
  'l@example.com',
  '1@example.com',
];

describe('canonicalMailbox', () => {
  test('knows at least sixty pairs of twins', () => {
    expect(new Set(TWINS.map((pair) => pair.join(' '))).size).toBeGreaterThanOrEqual(60);
  });

  test.each(TWINS)('%s is %s', (one, other) => {
    expect(canonicalMailbox(other)).toBe(canonicalMailbox(one));
  });

  test('no two strangers meet', () => {
    expect(new Set(STRANGERS.map(canonicalMailbox)).size).toBe(STRANGERS.length);
  });

  test('leaves a name that is nothing but dots', () => {
    expect(canonicalMailbox('..@gmail.com')).toBe('..@gmail.com');
  });

  test('takes a domain that has no ASCII form as it is', () => {
    expect(canonicalMailbox('jane@exa mple')).toBe('jane@exa mple');
    expect(canonicalMailbox('jane@bü cher')).toBe('jane@bü cher');
  });

  test('changes nothing the second time', () => {
    const local = fc.stringMatching(/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,30}$/);
    const domain = fc.oneof(
      fc.constantFrom('gmail.com', 'GoogleMail.com', 'bücher.example', 'BU\u0308CHER.example', '例え.テスト'),
      fc.domain(),
    );
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const once = canonicalMailbox(`${name}@${host}`);
        expect(canonicalMailbox(once)).toBe(once);
      }),
    );
  });

  test('what is left is still an address, if it was one', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zA-Z0-9.+]{1,20}$/),
        fc.constantFrom('gmail.com', 'example.com'),
        (name, host) => {
          expect(isEmailAddress(canonicalMailbox(`${name}@${host}`))).toBe(true);
        },
      ),
    );
  });

  test('a tag, letter case and the dots of Gmail make no other mailbox', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/);
    const tag = fc.stringMatching(/^(\+[a-zA-Z0-9.+]{0,10})?$/);
    fc.assert(
      fc.property(name, tag, fc.array(fc.boolean(), { maxLength: 15 }), (plain, suffix, choices) => {
        const odd = [...plain]
          .map((letter, index) => (choices[index] ? `${letter.toUpperCase()}.` : letter))
          .join('');
        expect(canonicalMailbox(`${odd}${suffix}@googlemail.com`)).toBe(`${plain}@gmail.com`);
      }),
    );
  });
});

describe('pseudonymOf', () => {
  test('is the HMAC-SHA-256 of the canonical mailbox', () => {
    // RFC 2104 as computed by: printf 'jane@gmail.com' | openssl dgst -sha256 -hmac key -binary | basenc --base64url
    expect(pseudonymOf('J.ane+x@googlemail.com', 'key')).toBe('woRVr2yvm2oUWdwUUygMuPg0V8ufbk5LX9-qaIwGULw');
  });
});
