/** The supported languages, as BCP 47 tags. `pt` is European Portuguese. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'pt-BR', 'ja', 'zh-Hans', 'ar'] as const;

/** One of the supported languages. */
export type Language = (typeof LANGUAGES)[number];

/** Texts by name. */
export type Texts = Readonly<Record<string, string>>;

/**
 * Returns the language of a BCP 47 tag such as `de-AT`, or `undefined` if it is not supported or the tag is malformed.
 *
 * Portuguese is European, unless the region is Brazil: the other countries write as Portugal does. Chinese has to be written in
 * the simplified script, by the tag itself or by the likely subtags of Unicode (UTS 35): readers of the traditional script get
 * the language that they prefer next, rather than one that looks like a mistake to them.
 */
export function languageOfTag(tag: string): Language | undefined {
  const locale = parsed(tag);
  if (locale?.language === 'pt') return locale.region === 'BR' ? 'pt-BR' : 'pt';
  if (locale?.language === 'zh') return locale.maximize().script === 'Hans' ? 'zh-Hans' : undefined;
  return LANGUAGES.find((language) => language === locale?.language);
}

function parsed(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

/** Returns the first supported language of BCP 47 tags, the preferred first, or English. */
export function preferredLanguage(tags: readonly string[]): Language {
  return tags.map(languageOfTag).find((language) => language !== undefined) ?? 'en';
}

/** Returns the language of the nearest `lang` attribute, or the first supported one of the browser, or English. */
export function languageAround(element: Element): Language {
  const declared = declaredLanguage(element);
  return preferredLanguage(declared === undefined ? navigator.languages : [declared]);
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
