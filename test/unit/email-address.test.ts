import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recoverUserRequest } from '../../functions/recover-user/contract.ts';
import { isEmailAddress, normaliseAddress } from '../../functions/recover-user/email-address.ts';

describe('isEmailAddress', () => {
  test.each([
    'jane@example.com',
    'jane.doe+device@mail.example.co.uk',
    "o'hara@example.com",
    '!#$%&*/=?^_`{|}~-@example.com',
    'jane@localhost',
    'jane..doe@example.com',
    '.jane@example.com',
    'jane@xn--bcher-kva.example',
    'jane@bücher.example',
    'jane@例え.テスト',
    'jane@1.2.3.4',
    `jane@${'a'.repeat(63)}.example`,
    `${'a'.repeat(242)}@example.com`,
  ])('accepts %s', (address) => expect(isEmailAddress(address)).toBe(true));

  test.each([
    '',
    '@',
    'jane',
    'jane@',
    '@example.com',
    'jane@example..com',
    'jane@.example.com',
    'jane@example.com.',
    'jane@-example.com',
    'jane@example-.com',
    'jane@exa mple.com',
    'jane doe@example.com',
    'jane@example.com\r\nBcc: all@example.com',
    'jane@example.com\nBcc: all@example.com',
    'jane@example.com\0',
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
  ])('refuses %j', (address) => expect(isEmailAddress(address)).toBe(false));

  test('accepts what the HTML standard describes', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
    const address = fc
      .tuple(
        fc.stringMatching(/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,30}$/),
        fc.array(label, { minLength: 1, maxLength: 4 }),
      )
      .map(([local, labels]) => `${local}@${labels.join('.')}`);
    fc.assert(fc.property(address, isEmailAddress));
  });

  test('never accepts white space, control characters, quotes or a second address', () => {
    const intruder = fc.constantFrom(
      ' ',
      '\t',
      '\r',
      '\n',
      '\0',
      '\u2028',
      '"',
      ',',
      ';',
      ':',
      '<',
      '>',
      '(',
      ')',
      '\\',
    );
    fc.assert(
      fc.property(fc.string(), intruder, fc.string(), fc.constantFrom('', '@example.com'), (a, b, c, d) => {
        expect(isEmailAddress(`${a}${b}${c}${d}`)).toBe(false);
      }),
    );
  });

  test('takes no longer for a long hostile text than its length explains', () => {
    for (const hostile of [`a@${'a-'.repeat(50_000)}`, `${'a.'.repeat(50_000)}@`, `${'@'.repeat(100_000)}`]) {
      expect(isEmailAddress(hostile)).toBe(false);
    }
  });
});

describe('normaliseAddress', () => {
  test('trims and composes', () => {
    expect(normaliseAddress('\t jane@bu\u0308cher.example \n')).toBe('jane@b\u00fccher.example');
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normaliseAddress(normaliseAddress(text))).toBe(normaliseAddress(text));
      }),
    );
  });

  test('keeps an address as it was typed', () => {
    expect(normaliseAddress('Jane.Doe+Device@Example.COM')).toBe('Jane.Doe+Device@Example.COM');
  });
});

describe('recoverUserRequest', () => {
  test('takes whatever it is given without throwing, and yields only addresses', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        const { data } = recoverUserRequest.safeParse(value);
        if (data !== undefined) expect(isEmailAddress(data.email)).toBe(true);
      }),
    );
  });

  test('drops keys that it does not know', () => {
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
