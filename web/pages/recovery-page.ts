import '../recover-user-form/index.ts';
import { FORM_TEXTS } from '../recover-user-form/texts.ts';
import { chosenLanguage, speak } from './page-language.ts';

const language = chosenLanguage();
speak(language, FORM_TEXTS[language].title);
