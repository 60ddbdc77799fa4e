import { directionOf, type Language, preferredLanguage } from '../element/language.ts';
import type { StateChange } from '../element/stateful-element.ts';

/*
 * Imported by a page's script before its element, which is drawn as soon as it is defined: sets the language and the writing
 * direction of the page, and lets the title follow the heading of the element.
 */

const language = chosenLanguage();
document.documentElement.lang = language;
document.documentElement.dir = directionOf(language);
document.addEventListener('recovery-state-changed', (event) => {
  if (event instanceof CustomEvent) document.title = titleOf(event);
});

/** The language of `?lang=`, or the first supported language of the browser, or English. */
function chosenLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? '';
  return preferredLanguage([asked, ...navigator.languages]);
}

function titleOf({ detail }: CustomEvent<StateChange>): string {
  return detail.title;
}
