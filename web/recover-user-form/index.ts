import { RecoverUserForm } from './recover-user-form.ts';

declare global {
  interface HTMLElementTagNameMap {
    'recover-user-form': RecoverUserForm;
  }
}

// not on a server that renders pages, and once in a page that has the script twice
if (globalThis.customElements?.get('recover-user-form') === undefined) {
  globalThis.customElements?.define('recover-user-form', RecoverUserForm);
}
