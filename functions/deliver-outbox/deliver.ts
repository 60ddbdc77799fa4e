import type { Deadline } from '../recover-user/deadline.ts';
import type { Forward } from '../recover-user/forward.ts';
import type { OutboxMessage } from '../recover-user/outbox-message.ts';
import type { ForwardFailure } from '../recover-user/recover-user.ts';

/** What becomes of a message: `postponed`, it stays in the outbox, for at least as long as Beyond Identity asked. */
export type Delivery =
  | { outcome: 'delivered' | 'not-recoverable' | 'dropped' | 'duplicate' }
  | { outcome: 'postponed'; afterMs?: number | undefined; cause?: ForwardFailure };

/** Which attempts were delivered. */
export interface DeliveryRecord {
  /** Takes the attempt on, unless it was delivered already, or somebody else has taken it on a moment ago. */
  claim(attemptId: string): Promise<'claimed' | 'delivered' | 'busy'>;
  /** The attempt was delivered: nobody delivers it again. */
  delivered(attemptId: string): Promise<void>;
  /** The attempt was not delivered: whoever comes next may take it on. */
  release(attemptId: string): Promise<void>;
}

export interface DeliveryPorts {
  record: DeliveryRecord;
  forward: Forward;
  /** How old a request may become, in milliseconds. */
  maximumAgeMs: number;
  /** The present, in milliseconds since 1970. */
  now(): number;
}

/** Delivers a message from the outbox; never throws for what the outside world does. */
export type Deliver = (message: OutboxMessage, deadline: Deadline) => Promise<Delivery>;

/** The use case: not too late, not twice, forward. The record is written before the message is given back to be deleted. */
export function createDeliver({ record, forward, maximumAgeMs, now }: DeliveryPorts): Deliver {
  return async ({ attemptId, address, acceptedAt }, deadline) => {
    if (now() - acceptedAt > maximumAgeMs) return { outcome: 'dropped' };

    const claim = await record.claim(attemptId);
    if (claim === 'delivered') return { outcome: 'duplicate' };
    if (claim === 'busy') return { outcome: 'postponed' };

    const { outcome, retryAfterMs } = await forward(address, deadline);
    if (outcome === 'forwarded' || outcome === 'not-recoverable') {
      await record.delivered(attemptId);
      return { outcome: outcome === 'forwarded' ? 'delivered' : outcome };
    }
    await record.release(attemptId);
    return { outcome: 'postponed', afterMs: retryAfterMs, cause: outcome };
  };
}
