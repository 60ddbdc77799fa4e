import type { Language } from '../element/language.ts';
import { completion as ar } from '../languages/ar.ts';
import { completion as de } from '../languages/de.ts';
import { completion as en } from '../languages/en.ts';
import { completion as es } from '../languages/es.ts';
import { completion as fr } from '../languages/fr.ts';
import { completion as ja } from '../languages/ja.ts';
import { completion as pt } from '../languages/pt.ts';
import type { CompletionTexts } from '../languages/texts.ts';

/** The texts of `<complete-recovery>` in every language. */
export const COMPLETION_TEXTS: Readonly<Record<Language, CompletionTexts>> = { en, de, fr, es, pt, ja, ar };
