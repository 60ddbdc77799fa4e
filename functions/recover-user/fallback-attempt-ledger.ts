import { startDeadline } from './deadline.ts';
import type { DynamoDbAttemptLedger } from './dynamodb-attempt-ledger.ts';
import type { AttemptLedger } from './recover-user.ts';

export interface FallbackAttemptLedgerOptions {
  shared: DynamoDbAttemptLedger;
  own: AttemptLedger;
  /** How long the shared ledger may take, in milliseconds. */
  patienceMs: number;
  /** Told that the instance's own ledger decided, and the name of the error that made it; must not throw. */
  fellBack(reason: string): void;
}

/**
 * The shared ledger decides; where it is too slow or fails, the instance's own does, and the request goes on. A mailbox
 * may then have an attempt more for each instance, which is better than no recovery for anybody.
 */
export function createFallbackAttemptLedger(options: FallbackAttemptLedgerOptions): AttemptLedger {
  return {
    async admit(mailbox, deadline) {
      const patience = startDeadline(options.patienceMs, deadline.signal);
      try {
        const isAdmitted = await options.shared.admit(mailbox, patience);
        // so that the own ledger knows of it, should it have to decide next time
        if (isAdmitted) await options.own.admit(mailbox, deadline);
        return isAdmitted;
      } catch (error) {
        options.fellBack(error instanceof Error ? error.name : typeof error);
        return options.own.admit(mailbox, deadline);
      } finally {
        patience.clear();
      }
    },
  };
}
