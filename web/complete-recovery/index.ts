import { CompleteRecovery } from './complete-recovery.ts';

declare global {
  interface HTMLElementTagNameMap {
    'complete-recovery': CompleteRecovery;
  }
}

// not on a server that renders pages
globalThis.customElements?.define('complete-recovery', CompleteRecovery);
