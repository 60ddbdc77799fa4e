/** The supported languages. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ja', 'ar'] as const;

/** One of the supported languages. */
export type Language = (typeof LANGUAGES)[number];

/** Texts by name. */
export type Texts = Readonly<Record<string, string>>;

/** Returns the language of a BCP 47 tag such as `pt-BR`, or `undefined` if it is not supported. */
export function languageOfTag(tag: string): Language | undefined {
  const base = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === base);
}

/** Returns the language of the nearest `lang` attribute, or the browser's language, or English. */
export function languageAround(element: Element): Language {
  return languageOfTag(declaredLanguage(element) ?? navigator.language) ?? 'en';
}

/** Returns the writing direction of a language. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** Returns the name of the attribute that overrides a text, such as `text-sent-title` for `sentTitle`. */
export function textAttribute(name: string): string {
  return `text-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Returns the texts with the overrides from the element's attributes. */
export function withOverrides<Own extends Texts>(element: Element, texts: Own): Own {
  const given = Object.keys(texts).flatMap((name) => {
    const text = element.getAttribute(textAttribute(name));
    return text === null ? [] : [[name, text] as const];
  });
  return { ...texts, ...Object.fromEntries(given) };
}

function declaredLanguage(element: Element): string | undefined {
  const tag = element.closest('[lang]')?.getAttribute('lang');
  if (tag) return tag;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? declaredLanguage(root.host) : undefined;
}
