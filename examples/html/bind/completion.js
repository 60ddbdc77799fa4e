import { registerCredential } from './register-credential.js';

document.querySelector('complete-recovery').registerCredential = registerCredential;
