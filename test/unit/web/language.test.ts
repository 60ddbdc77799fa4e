import { expect, test } from '@jest/globals';
import { directionOf, LANGUAGES, languageOfTag, preferredLanguage } from '../../../web/element/language.ts';
import { captchaLanguage } from '../../../web/recover-user-form/captcha-language.ts';

test.each([
  ['en', 'en'],
  ['DE-at', 'de'],
  ['de-CH-1996', 'de'],
  ['fr-CA', 'fr'],
  ['es-419', 'es'],
  ['ja-JP', 'ja'],
  ['ar', 'ar'],
  ['ar-EG-u-nu-latn', 'ar'],
  ['pt', 'pt'],
  ['pt-PT', 'pt'],
  ['pt-AO', 'pt'],
  ['pt-BR', 'pt-BR'],
  ['PT-br', 'pt-BR'],
  ['pt-Latn-BR', 'pt-BR'],
  ['zh', 'zh-Hans'],
  ['zh-CN', 'zh-Hans'],
  ['zh-SG', 'zh-Hans'],
  ['zh-Hans', 'zh-Hans'],
  ['zh-hans-sg', 'zh-Hans'],
  ['zh-Hans-HK', 'zh-Hans'],
  ['zh-Hant', undefined],
  ['zh-Hant-CN', undefined],
  ['zh-TW', undefined],
  ['zh-HK', undefined],
  ['zh-MO', undefined],
  ['yue', undefined],
  ['sr', undefined],
  ['sr-Latn-RS', undefined],
  ['nl', undefined],
  ['und', undefined],
  ['eng-lish-', undefined],
  ['pt_BR', undefined],
  ['', undefined],
])('the language of %j is %s', (tag, language) => {
  expect(languageOfTag(tag)).toBe(language);
});

test.each([
  [['zh-TW', 'ja', 'en'], 'ja'],
  [['zh-TW', 'zh-CN'], 'zh-Hans'],
  [['nl', 'pt-BR', 'pt'], 'pt-BR'],
  [['nl'], 'en'],
  [['not a tag', 'de'], 'de'],
  [[], 'en'],
])('of the preferred languages %j, %s is used', (tags, language) => {
  expect(preferredLanguage(tags)).toBe(language);
});

test.each(LANGUAGES)('%s is a canonical BCP 47 tag that formats numbers and matches itself', (language) => {
  expect(Intl.getCanonicalLocales(language)).toEqual([language]);
  expect(Intl.NumberFormat.supportedLocalesOf(language)).toEqual([language]);
  expect(languageOfTag(language)).toBe(language);
});

test('the CAPTCHA providers get a language that they know', () => {
  const changed = LANGUAGES.filter((language) => captchaLanguage(language) !== language);
  expect(changed.map((language) => [language, captchaLanguage(language)])).toEqual([['zh-Hans', 'zh-CN']]);
});

test('only Arabic is written from right to left', () => {
  expect(LANGUAGES.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar']);
});
