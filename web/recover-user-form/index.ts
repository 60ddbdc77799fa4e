import { RecoverUserForm } from './recover-user-form.ts';

declare global {
  interface HTMLElementTagNameMap {
    'recover-user-form': RecoverUserForm;
  }
}

// not on a server that renders pages
globalThis.customElements?.define('recover-user-form', RecoverUserForm);
