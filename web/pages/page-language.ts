import { directionOf, LANGUAGES, type Language, languageOfTag } from '../element/language.ts';
import type { StateChange } from '../element/stateful-element.ts';

/** Returns the language of `?lang=`, or the first supported language of the browser, or English. */
export function chosenLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? '';
  const tags = [asked, ...navigator.languages];
  return tags.map(languageOfTag).find((language) => language !== undefined) ?? LANGUAGES[0];
}

/** Sets the language, the writing direction and the title of the page. */
export function setPageLanguage(language: Language, title: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  document.title = title;
}

/** Lets the title of the page follow the heading of its element. */
export function followTitle(element: string): void {
  document.querySelector(element)?.addEventListener('recovery-state-changed', (event) => {
    if (event instanceof CustomEvent) document.title = titleOf(event);
  });
}

function titleOf({ detail }: CustomEvent<StateChange>): string {
  return detail.title;
}
