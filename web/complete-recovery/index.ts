import { CompleteRecovery } from './complete-recovery.ts';

declare global {
  interface HTMLElementTagNameMap {
    'complete-recovery': CompleteRecovery;
  }
}

// not on a server that renders pages, and once in a page that has the script twice
if (globalThis.customElements?.get('complete-recovery') === undefined) {
  globalThis.customElements?.define('complete-recovery', CompleteRecovery);
}
