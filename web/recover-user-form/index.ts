import { RecoverUserForm } from './recover-user-form.ts';

declare global {
  interface HTMLElementTagNameMap {
    'recover-user-form': RecoverUserForm;
  }
}

// `customElements` is missing during server-side rendering; the page may load the script twice
if (globalThis.customElements?.get('recover-user-form') === undefined) {
  globalThis.customElements?.define('recover-user-form', RecoverUserForm);
}
