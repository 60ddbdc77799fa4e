import { describe, expect, test } from '@jest/globals';
import { COMPLETION_TEXTS } from '../../../web/complete-recovery/texts.ts';
import { formatDuration } from '../../../web/element/countdown.ts';
import { fill } from '../../../web/element/create.ts';
import { directionOf, LANGUAGES, languageOfTag, textAttribute } from '../../../web/element/language.ts';
import { FORM_TEXTS } from '../../../web/recover-user-form/texts.ts';

const placeholders = (text: string) => text.match(/\{\w+\}/g) ?? [];

describe.each([
  ['the form', FORM_TEXTS],
  ['the completion', COMPLETION_TEXTS],
])('the texts of %s', (_name, texts) => {
  test.each(LANGUAGES)('in %s have the same names and placeholders as in English', (language) => {
    const pairs = Object.entries<string>(texts.en).map(([name, english]) => [name, placeholders(english)]);
    const translated = Object.entries<string>(texts[language]).map(([name, text]) => [
      name,
      placeholders(text),
    ]);
    expect(Object.fromEntries(translated)).toEqual(Object.fromEntries(pairs));
    for (const text of Object.values<string>(texts[language])) expect(text.trim()).not.toBe('');
  });

  test('differ in every language', () => {
    const introductions = LANGUAGES.map((language) => texts[language].introduction);
    expect(new Set(introductions).size).toBe(LANGUAGES.length);
  });
});

test.each([
  ['pt-BR', 'pt'],
  ['DE-at', 'de'],
  ['ar', 'ar'],
  ['nl', undefined],
  ['', undefined],
])('the language of %j is %s', (tag, language) => {
  expect(languageOfTag(tag)).toBe(language);
});

test('only Arabic is written from right to left', () => {
  expect(LANGUAGES.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar']);
});

test('a text is overridden by the attribute of its name', () => {
  expect(textAttribute('title')).toBe('text-title');
  expect(textAttribute('captchaFailed')).toBe('text-captcha-failed');
});

test('fill replaces placeholders and keeps braces in the values', () => {
  expect(fill('for {address}, now', { address: '{address}' })).toEqual(['for ', '{address}', ', now']);
  expect(fill('{unknown}', {}).join('')).toBe('');
});

test.each([
  [1, 'en', '1 second'],
  [119, 'en', '119 seconds'],
  [120, 'en', '2 minutes'],
  [121, 'en', '3 minutes'],
  [2, 'de', '2 Sekunden'],
  [300, 'fr', '5 minutes'],
])('formats %i seconds in %s as %s', (seconds, language, text) => {
  expect(formatDuration(seconds, language)).toBe(text);
});
