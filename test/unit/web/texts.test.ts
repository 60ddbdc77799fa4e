import { describe, expect, test } from '@jest/globals';
import { formatDuration } from '../../../web/element/countdown.ts';
import { fill } from '../../../web/element/create.ts';
import { LANGUAGES, type Language, type Texts, textAttribute } from '../../../web/element/language.ts';
import { loadTexts } from '../../../web/languages/load.ts';
import { TEXTS } from './all-texts.ts';

/** The words by which a sentence holds whether or not there is an account. */
const CONDITIONALS: Readonly<Record<Language, RegExp>> = {
  en: /^If an account exists/,
  de: /^Wenn es zu .* ein Konto gibt/,
  fr: /^S’il existe un compte/,
  es: /^Si existe una cuenta/,
  pt: /^Se existir uma conta/,
  'pt-BR': /^Se houver uma conta/,
  ja: /アカウントがある場合は/,
  'zh-Hans': /^如果/,
  ar: /^إذا كان هناك حساب/,
};

const SUPPORT: Readonly<Record<Language, string>> = {
  en: 'ontact support',
  de: 'Support',
  fr: 'l’assistance',
  es: 'soporte',
  pt: 'o suporte',
  'pt-BR': 'o suporte',
  ja: 'サポート',
  'zh-Hans': '联系支持团队',
  ar: 'الدعم',
};

const placeholders = (text: string) => text.match(/\{\w+\}/g) ?? [];

describe.each(['form', 'completion'] as const)('the texts of the %s', (element) => {
  const texts = (language: Language): Texts => TEXTS[language][element];

  test.each(LANGUAGES)('in %s have the same names and placeholders as in English', (language) => {
    const pairs = Object.entries(texts('en')).map(([name, english]) => [name, placeholders(english)]);
    const translated = Object.entries(texts(language)).map(([name, text]) => [name, placeholders(text)]);
    expect(Object.fromEntries(translated)).toEqual(Object.fromEntries(pairs));
    for (const text of Object.values(texts(language))) expect(text.trim()).not.toBe('');
  });

  test.each(Object.keys(texts('en')))(
    '%s is translated into every language, each with words of its own',
    (name) => {
      const translations = LANGUAGES.map((language) => texts(language)[name]);
      const unchanged = translations.slice(1).filter((text) => text === translations[0]);
      expect(unchanged).toEqual([]);
    },
  );

  test('differ in every language', () => {
    const introductions = LANGUAGES.map((language) => texts(language)['introduction']);
    expect(new Set(introductions).size).toBe(LANGUAGES.length);
  });

  test.each(LANGUAGES)('in %s have typographic quotes, apostrophes and ellipses', (language) => {
    expect(Object.values(texts(language)).filter((text) => /['"`]|\.\.\./.test(text))).toEqual([]);
  });

  test.each(LANGUAGES)('in %s keep "e-mail" on one line', (language) => {
    // a break is possible after a hyphen, a soft hyphen and a zero-width space
    expect(Object.values(texts(language)).filter((text) => /\be[-\u00ad\u200b\s]+mail/i.test(text))).toEqual(
      [],
    );
  });

  test.each(LANGUAGES)('in %s have no space before a mark that a line could begin with', (language) => {
    expect(Object.values(texts(language)).filter((text) => / [:;?!…]/.test(text))).toEqual([]);
  });

  test('in French have a narrow no-break space before a colon, a semicolon and a question mark', () => {
    expect(Object.values(texts('fr')).filter((text) => /[^\u202f][:;?!]/.test(text))).toEqual([]);
  });
});

test.each(LANGUAGES.filter((language) => language !== 'en'))('loads %s by its tag', async (language) => {
  expect(await loadTexts(language)).toEqual(TEXTS[language]);
});

test.each(LANGUAGES)('the form in %s says about an account only what holds for every address', (language) => {
  const { sentMessage, sentRecentlyMessage } = TEXTS[language].form;
  const conditional = CONDITIONALS[language];
  expect([sentMessage, sentRecentlyMessage].filter((text) => !conditional.test(text))).toEqual([]);
});

test.each(LANGUAGES)('a link that someone else may have used leads to support in %s', (language) => {
  const { usedMessage, invalidMessage, contactSupport } = TEXTS[language].completion;
  const support = SUPPORT[language];
  expect([usedMessage, invalidMessage, contactSupport].filter((text) => !text.includes(support))).toEqual([]);
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
  [60, 'pt-BR', '60 segundos'],
  [60, 'zh-Hans', '60秒钟'],
  [300, 'fr', '5 minutes'],
])('formats %i seconds in %s as %s', (seconds, language, text) => {
  expect(formatDuration(seconds, language)).toBe(text);
});
