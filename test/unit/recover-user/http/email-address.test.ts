import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recoverUserRequest } from '../../../../functions/recover-user/http/contract.ts';
import {
  isEmailAddress,
  MAXIMUM_ADDRESS_LENGTH,
  normalizeAddress,
} from '../../../../functions/recover-user/http/email-address.ts';

/** The address that a request with this `email` is about; `undefined` where it is rejected. */
const accepted = (email: unknown) => recoverUserRequest.safeParse({ email }).data?.email;

const LOCAL_PART = fc.stringMatching(/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,30}$/);

describe('an email address', () => {
  test.each([
    ['jane@example.com', 'jane@example.com'],
    ['  jane@example.com\t', 'jane@example.com'],
    ['Jane.Doe+Device@Example.COM', 'Jane.Doe+Device@Example.COM'],
    ["o'hara@example.com", "o'hara@example.com"],
    ['!#$%&*/=?^_`{|}~-@example.com', '!#$%&*/=?^_`{|}~-@example.com'],
    ['jane@localhost', 'jane@localhost'],
    ['foo..bar@example.ne.jp', 'foo..bar@example.ne.jp'],
    ['.jane.@example.com', '.jane.@example.com'],
    ['jane@1.2.3.4', 'jane@1.2.3.4'],
    ['jane@xn--bcher-kva.example', 'jane@xn--bcher-kva.example'],
    ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
    ['jane@bu\u0308cher.example', 'jane@xn--bcher-kva.example'],
    ['Jane@BÜCHER.Example', 'Jane@xn--bcher-kva.example'],
    ['jane@例え。テスト', 'jane@xn--r8jz45g.xn--zckzah'],
    ['jane@exa\u00admple.com', 'jane@example.com'],
    // no IPv4 address in another notation, as a URL parser would have it
    ['jane@０x7f.１', 'jane@0x7f.1'],
    [`jane@${'a'.repeat(63)}.example`, `jane@${'a'.repeat(63)}.example`],
    [`${'a'.repeat(242)}@example.com`, `${'a'.repeat(242)}@example.com`],
  ])('%j is forwarded as %j', (typed, forwarded) => expect(accepted(typed)).toBe(forwarded));

  test.each([
    '',
    '@',
    'jane',
    'jane@',
    '@example.com',
    'jane@example..com',
    'jane@.example.com',
    'jane@example.com.',
    'jane@bücher.',
    'jane@-example.com',
    'jane@example-.com',
    'jane@exa mple.com',
    'jane doe@example.com',
    'jane@exa\tmple.com',
    'jane@exa\r\nmple.com',
    'jane@example.com\r\nBcc: all@example.com',
    'jane@example.com\nBcc: all@example.com',
    'jane@example.com\0',
    'a@ä.com/\r\nSubject: x',
    'b@ä.com?"q"',
    'c@ä.com/\0',
    'd@ä.com#x',
    'e@ä.com\\x',
    'f@ä.com:80',
    'g@user:secret@ä.com',
    'jane@ü%41.com',
    'jane@ü％41.com',
    'jane@exämple．com／x',
    'jane@ä\u037eb.com',
    'jane@℀.com',
    'jane@ä\u202eb.com',
    'jane@a\ud800b.com',
    'jane@@example.com',
    '"jane doe"@example.com',
    'jane@[127.0.0.1]',
    'Jane <jane@example.com>',
    'jane@example.com,john@example.com',
    'jané@example.com',
    'jane＠example.com',
    'jane@bücher..example',
    'jane@exa\u0000mple.com',
    `jane@${'a'.repeat(64)}.example`,
    `${'a'.repeat(243)}@example.com`,
    // short as typed, too long in A-labels
    `${'a'.repeat(230)}@${'ü.'.repeat(8)}example`,
  ])('%j is rejected', (typed) => expect(accepted(typed)).toBeUndefined());

  test('is accepted when the HTML standard accepts it', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
    const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(LOCAL_PART, domain, (local, host) => {
        expect(accepted(`${local}@${host}`)).toBe(`${local}@${host}`);
      }),
    );
  });

  test('contains no hostile character at any position', () => {
    const hostile = fc.oneof(
      fc.constantFrom(...' \t\r\n\0\v\f\u0085\u00a0\u2028\u2029\u3000\ufeff"(),:;<>@[\\]\u007f'),
      fc.integer({ min: 0, max: 31 }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 127, max: 159 }).map((code) => String.fromCharCode(code)),
    );
    const host = fc.constantFrom('example.com', 'bücher.example', '例え.テスト', 'xn--bcher-kva.example');
    fc.assert(
      fc.property(LOCAL_PART, host, hostile, fc.nat(), (local, domain, character, position) => {
        const address = `${local}@${domain}`;
        // not at its ends, where white space is trimmed
        const at = 1 + (position % (address.length - 1));
        expect(accepted(address.slice(0, at) + character + address.slice(at))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('has no slash, question mark, percent or number sign in its domain', () => {
    const host = fc.constantFrom('example.com', 'bücher.example', '例え.テスト');
    fc.assert(
      fc.property(host, fc.constantFrom(..."/?%#!$&'*+=^_`{|}~"), fc.nat(), (domain, character, position) => {
        const at = position % (domain.length + 1);
        expect(accepted(`jane@${domain.slice(0, at)}${character}${domain.slice(at)}`)).toBeUndefined();
      }),
    );
  });

  test('is visible ASCII of at most 254 characters', () => {
    const typed = fc
      .tuple(LOCAL_PART, fc.string({ unit: 'binary', maxLength: 40 }))
      .map((parts) => parts.join('@'));
    fc.assert(
      fc.property(fc.oneof(typed, fc.string({ unit: 'binary' })), (text) => {
        const address = accepted(text);
        if (address === undefined) return;
        expect(address).toMatch(/^[\x21-\x7e]+$/);
        expect(address.length).toBeLessThanOrEqual(MAXIMUM_ADDRESS_LENGTH);
        expect(isEmailAddress(address)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('does not change when it is normalized a second time', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((domain) => `jane@${domain}.example`),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const once = normalizeAddress(typed);
        if (isEmailAddress(once)) expect(normalizeAddress(once)).toBe(once);
      }),
    );
  });
});

describe('recoverUserRequest', () => {
  test('never throws, and yields only addresses', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        const { data } = recoverUserRequest.safeParse(value);
        if (data !== undefined) expect(isEmailAddress(data.email)).toBe(true);
      }),
    );
  });

  test('drops unknown keys', () => {
    expect(
      recoverUserRequest.parse({ email: ' jane@example.com ', external_id: 'admin', extra: {} }),
    ).toEqual({
      email: 'jane@example.com',
    });
  });

  test('never quotes the input in its messages', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12,40}$/), (secretText) => {
        const { error } = recoverUserRequest.safeParse({ email: secretText });
        expect(JSON.stringify(error?.issues)).not.toContain(secretText);
      }),
    );
  });
});
