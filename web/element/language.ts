/** The languages that every text is written in. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ja', 'ar'] as const;

/** One of them. */
export type Language = (typeof LANGUAGES)[number];

/** A set of texts by their names. */
export type Texts = Readonly<Record<string, string>>;

/** The language of a tag such as `pt-BR` (BCP 47), or `undefined` where there are no texts in it. */
export function languageOfTag(tag: string): Language | undefined {
  const base = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === base);
}

/** The language of the page around an element, as its nearest `lang` says; else the browser's; else English. */
export function languageAround(element: Element): Language {
  return languageOfTag(declaredLanguage(element) ?? navigator.language) ?? 'en';
}

/** How the language is written. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** The attribute that replaces one text of an element: `text-` and the text's name, as in `text-sent-title`. */
export function textAttribute(name: string): string {
  return `text-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The texts, but for those that the element has attributes for. */
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
