import type { Language } from '../element/language.ts';
import { form as ar } from '../languages/ar.ts';
import { form as de } from '../languages/de.ts';
import { form as en } from '../languages/en.ts';
import { form as es } from '../languages/es.ts';
import { form as fr } from '../languages/fr.ts';
import { form as ja } from '../languages/ja.ts';
import { form as pt } from '../languages/pt.ts';
import type { FormTexts } from '../languages/texts.ts';

/** The texts of `<recover-user-form>` in every language. */
export const FORM_TEXTS: Readonly<Record<Language, FormTexts>> = { en, de, fr, es, pt, ja, ar };
