import '../recover-user-form/index.ts';
import { FORM_TEXTS } from '../recover-user-form/texts.ts';
import { chosenLanguage, followTitle, setPageLanguage } from './page-language.ts';

const language = chosenLanguage();
setPageLanguage(language, FORM_TEXTS[language].title);
followTitle('recover-user-form');
