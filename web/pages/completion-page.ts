import '../complete-recovery/index.ts';
import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';
import { COMPLETION_TEXTS } from '../complete-recovery/texts.ts';
import { chosenLanguage, followTitle, setPageLanguage } from './page-language.ts';

const HOST_MODULE = './register-credential.js';

const language = chosenLanguage();
setPageLanguage(language, COMPLETION_TEXTS[language].title);
followTitle('complete-recovery');

const element = document.querySelector('complete-recovery');
// imports the host's module on demand, so that a missing module leads to the state `failed` like any other error
if (element)
  element.registerCredential = async (link, options) => callbackOf(await import(HOST_MODULE))(link, options);

function callbackOf(host: unknown): RegisterCredential {
  if (isHost(host)) return host.registerCredential;
  throw new Error(`${HOST_MODULE} exports no function registerCredential.`);
}

function isHost(module: unknown): module is { readonly registerCredential: RegisterCredential } {
  return (
    typeof module === 'object' &&
    module !== null &&
    typeof Reflect.get(module, 'registerCredential') === 'function'
  );
}
