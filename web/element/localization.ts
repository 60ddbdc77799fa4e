import { type LanguageTexts, loadTexts } from '../languages/load.ts';
import type { Language } from './language.ts';

/** Texts and their language. */
interface Localized<Own> {
  readonly language: Language;
  readonly texts: Own;
}

/** The languages that are loaded, for all elements of the page. */
const loaded = new Map<Language, LanguageTexts>();

/** The texts of an element in the language that it wants, or in English where that cannot be loaded. */
export class Localization<Own> {
  readonly #english: Localized<Own>;
  readonly #select: (texts: LanguageTexts) => Own;
  #current: Localized<Own>;
  #wanted: Language = 'en';

  /** Starts in English. `select` picks the texts of the element. */
  constructor(english: Own, select: (texts: LanguageTexts) => Own) {
    this.#english = { language: 'en', texts: english };
    this.#select = select;
    this.#current = this.#english;
  }

  get language(): Language {
    return this.#current.language;
  }

  get texts(): Own {
    return this.#current.texts;
  }

  /** Whether this is the language in use, or the one that is being loaded. */
  wants(language: Language): boolean {
    return this.#wanted === language;
  }

  /** Switches the language at once if its texts are there, and returns whether they are. If not, loads them and calls `onSwitched`. */
  switchTo(language: Language, onSwitched: () => void): boolean {
    const isLoading = this.#wanted === language && this.#current.language !== language;
    this.#wanted = language;
    if (language === 'en' || loaded.has(language)) {
      this.#use(language);
      return true;
    }
    if (!isLoading) this.#load(language, onSwitched);
    return false;
  }

  /** Uses English for a language that is not loaded. */
  #use(language: Language): void {
    const texts = loaded.get(language);
    // a cached file of another version may lack a text
    this.#current = texts
      ? { language, texts: { ...this.#english.texts, ...this.#select(texts) } }
      : this.#english;
  }

  async #load(language: Exclude<Language, 'en'>, onSwitched: () => void): Promise<void> {
    try {
      loaded.set(language, await loadTexts(language));
    } catch (error) {
      reportError(error);
    }
    if (this.#wanted !== language) return;
    this.#use(language);
    // so that the next change of the page tries again
    this.#wanted = this.#current.language;
    onSwitched();
  }
}
