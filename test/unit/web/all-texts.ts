import type { Language } from '../../../web/element/language.ts';
import * as ar from '../../../web/languages/ar.ts';
import * as de from '../../../web/languages/de.ts';
import * as en from '../../../web/languages/en.ts';
import * as es from '../../../web/languages/es.ts';
import * as fr from '../../../web/languages/fr.ts';
import * as ja from '../../../web/languages/ja.ts';
import type { LanguageTexts } from '../../../web/languages/load.ts';
import * as pt from '../../../web/languages/pt.ts';
import * as ptBR from '../../../web/languages/pt-BR.ts';
import * as zhHans from '../../../web/languages/zh-Hans.ts';

/** The texts of both elements in every language, of which the elements load one. */
export const TEXTS: Readonly<Record<Language, LanguageTexts>> = {
  en,
  de,
  fr,
  es,
  pt,
  'pt-BR': ptBR,
  ja,
  'zh-Hans': zhHans,
  ar,
};
