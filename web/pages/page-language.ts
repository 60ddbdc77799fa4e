import { directionOf, LANGUAGES, type Language, languageOfTag } from '../element/language.ts';

/** The first of the browser's languages that there are texts in; `?lang=` comes before them, for a page that links here. */
export function chosenLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? '';
  const tags = [asked, ...navigator.languages];
  return tags.map(languageOfTag).find((language) => language !== undefined) ?? LANGUAGES[0];
}

/** Has the whole page setPageLanguage a language. */
export function setPageLanguage(language: Language, title: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  document.title = title;
}
