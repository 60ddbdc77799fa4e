import type { Language } from '../element/language.ts';
import type { CompletionTexts, FormTexts } from './texts.ts';

/** The texts of both elements in one language. */
export interface LanguageTexts {
  readonly form: FormTexts;
  readonly completion: CompletionTexts;
}

/** English is part of the elements. */
type LoadedLanguage = Exclude<Language, 'en'>;

const LOADERS: Readonly<Record<LoadedLanguage, () => Promise<LanguageTexts>>> = {
  ar: () => import('./ar.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
  ja: () => import('./ja.ts'),
  pt: () => import('./pt.ts'),
  'pt-BR': () => import('./pt-BR.ts'),
  'zh-Hans': () => import('./zh-Hans.ts'),
};

/** After it, the element shows its English texts. */
const TIMEOUT_MS = 5_000;

/** Loads the texts of a language. Rejects if they cannot be loaded in time; the caller can try again. */
export async function loadTexts(language: LoadedLanguage): Promise<LanguageTexts> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(
            `Timeout loading languages/${language}.js: serve the folder languages next to the script.`,
          ),
        ),
      TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([LOADERS[language](), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
