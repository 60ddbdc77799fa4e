import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { cleanEmailAddress, isEmailAddress } from '../../../web/recover-user-form/email-address.ts';

const ADDRESS = 'jane@example.com';

describe('an address that was copied', () => {
  test.each([
    ['with spaces around it', `  ${ADDRESS}\t`],
    ['with a no-break space', `\u00a0${ADDRESS}\u00a0`],
    ['with a line break', `${ADDRESS}\r\n`],
    ['with zero-width characters', `\u200b${ADDRESS}\ufeff`],
    ['with marks of the writing direction', `\u202a${ADDRESS}\u202c`],
    ['with a soft hyphen', 'jane@exam\u00adple.com'],
    ['with a full-width at sign', 'jane＠example.com'],
    ['with a small at sign', 'jane﹫example.com'],
    ['with a name', `Jane Doe <${ADDRESS}>`],
    ['with a quoted name', `"Doe, Jane" <${ADDRESS}>;`],
    ['in brackets', `<${ADDRESS}>`],
    ['with itself as the name', `"${ADDRESS}" <${ADDRESS}>`],
    ['with a selector of a variant', `${ADDRESS}\ufe0f`],
    ['as a mailto: URL', `mailto:${ADDRESS}`],
    ['as a mailto: URL with a subject', `MAILTO:${ADDRESS}?subject=Hello%20you`],
    ['as an encoded mailto: URL', 'mailto:jane%40example.com'],
    ['as a mailto: URL in brackets', `Jane <mailto:${ADDRESS}>`],
  ])('%s is cleaned', (_name, pasted) => {
    expect(cleanEmailAddress(pasted)).toBe(ADDRESS);
  });

  test.each([
    ['text without an address', 'hello'],
    ['text with an address in its middle', `write to ${ADDRESS}, please`],
    ['two addresses', `${ADDRESS}, john@example.com`],
    ['two addresses with names', `Jane <${ADDRESS}>; Bob <bob@example.com>`],
    ['an address and another one with a name', `${ADDRESS}, Support <support@corp.example>`],
    ['an address as the name of another', `"${ADDRESS}" <noreply@list.example>`],
    ['an address with a joiner, which tells domains apart', 'jane@نامه\u200cای.example'],
    ['a broken mailto: URL', 'mailto:%E0%A4%A'],
    ['markup', '<b>x</b>'],
  ])('%s stays as it is', (_name, pasted) => {
    expect(cleanEmailAddress(pasted)).toBe(pasted);
  });

  test('keeps an international domain as it was typed', () => {
    expect(cleanEmailAddress('jane@bücher.example')).toBe('jane@bücher.example');
  });
});

describe('the form', () => {
  test.each([
    ADDRESS,
    "o'neil+tag@sub.example.co.uk",
    'jane@localhost',
    'jane@bücher.example',
    'jane@例え.jp',
    'jane@xn--bcher-kva.example',
    `${'a'.repeat(242)}@example.com`,
  ])('accepts %s', (address) => {
    expect(isEmailAddress(address)).toBe(true);
  });

  test.each([
    '',
    'jane',
    'jane@',
    '@example.com',
    'jane@exa mple.com',
    'jane@@example.com',
    'jane@example..com',
    'jane@-example.com',
    'jané@example.com',
    'jane@example.com\n',
    'jane@exa/mple.com',
    'jane@نامه\u200cای.example',
    `${'a'.repeat(243)}@example.com`,
  ])('rejects %j', (address) => {
    expect(isEmailAddress(address)).toBe(false);
  });

  test('never accepts white space, control characters or markup', () => {
    const hostile = fc.constantFrom(
      ' ',
      '\n',
      '\r',
      '\t',
      '\0',
      '<',
      '>',
      ',',
      ';',
      '"',
      '\\',
      '\u2028',
      '\u00a0',
    );
    const position = fc.nat({ max: ADDRESS.length });
    fc.assert(
      fc.property(hostile, position, (character, index) => {
        expect(isEmailAddress(ADDRESS.slice(0, index) + character + ADDRESS.slice(index))).toBe(false);
      }),
    );
  });

  test('cleans any text without an error, and twice as well as once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cleaned = cleanEmailAddress(text);
        expect(cleanEmailAddress(cleaned)).toBe(cleaned);
      }),
    );
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        fc.pre(isEmailAddress(address));
        expect(cleanEmailAddress(`Jane <${address}>`)).toBe(address);
      }),
    );
  });
});
