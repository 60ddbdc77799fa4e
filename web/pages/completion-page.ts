import './page-setup.ts';
import '../complete-recovery/index.ts';
import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';

const HOST_MODULE = './register-credential.js';

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
