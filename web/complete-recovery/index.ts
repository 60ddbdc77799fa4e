import { CompleteRecovery } from './complete-recovery.ts';

declare global {
  interface HTMLElementTagNameMap {
    'complete-recovery': CompleteRecovery;
  }
}

// `customElements` is missing during server-side rendering; the page may load the script twice
if (globalThis.customElements?.get('complete-recovery') === undefined) {
  globalThis.customElements?.define('complete-recovery', CompleteRecovery);
}
