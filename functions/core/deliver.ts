import type { Deadline } from './deadline.ts';
import type { Directory } from './directory.ts';
import type { Forward, ForwardResult } from './forward.ts';
import type { ForwardFailure } from './outcomes.ts';

/** A request that waits in the outbox, as far as its delivery needs to know it. */
export interface WaitingRequest {
  /** Names the attempt, so that it is delivered once however often it is handed over. */
  attemptId: string;
  address: string;
  /** Since when it waits, in milliseconds since 1970. */
  acceptedAt: number;
  /** Since when an earlier try may have sent the email, in milliseconds since 1970; absent: none did. */
  mayBeMailedSince?: number | undefined;
}

/** What becomes of a message: `postponed`, it waits in the outbox, for at least as long as Beyond Identity asked. */
export type Delivery =
  | { outcome: 'not-recoverable' | 'dropped' | 'duplicate' }
  | {
      outcome: 'delivered';
      /** How Beyond Identity knows the user. */
      reference?: string | undefined;
    }
  | {
      outcome: 'postponed';
      afterMs?: number | undefined;
      cause?: ForwardFailure;
      /** That of the request, or of this delivery. */
      mayBeMailedSince?: number | undefined;
    };

/** Which attempts are done. Its calls settle within a time of their own, and never throw. */
export interface DeliveryRecord {
  /** Takes the attempt on, unless it is done already, or another delivery has taken it on a moment ago. */
  claim(attemptId: string): Promise<'claimed' | 'done' | 'busy'>;
  /** The attempt is done: nobody takes it on again. */
  complete(attemptId: string): Promise<void>;
  /** The attempt is not done: another delivery may claim it. */
  release(attemptId: string): Promise<void>;
}

export interface DeliveryPorts {
  record: DeliveryRecord;
  directory: Directory;
  forward: Forward;
  /** How old a request may become, in milliseconds. */
  maximumAgeMs: number;
  /** How long forwarding may take, as a deadline that starts now. */
  startDeadline(): Deadline;
  /** The present, in milliseconds since 1970. */
  now(): number;
}

/** The part of a delivery's time after which resolving the user ends: the rest is for forwarding. */
export const DIRECTORY_SHARE = 0.4;

/** Delivers a message from the outbox; never throws for what the outside world does. */
export type Deliver = (request: WaitingRequest) => Promise<Delivery>;

/**
 * The use case: not twice, not too late, resolve, forward. Whether it is done is asked first: a message that was delivered and not
 * acknowledged is a duplicate, however old. The record is written before the message is acknowledged.
 */
export function createDeliver(ports: DeliveryPorts): Deliver {
  const { record, directory, forward, maximumAgeMs, startDeadline, now } = ports;

  async function resolveAndForward(
    { address, mayBeMailedSince }: WaitingRequest,
    deadline: Deadline,
  ): Promise<ForwardResult> {
    const stage = deadline.stage(DIRECTORY_SHARE);
    const user = await directory.resolve(address, stage).finally(stage.clear);
    if (user === undefined) return { outcome: 'directory-unavailable' };
    return forward(user, deadline, mayBeMailedSince);
  }

  /** Half the time that a request may wait, an earlier try is looked for. Then two emails are better than none. */
  function withoutOldTry(request: WaitingRequest): WaitingRequest {
    const { mayBeMailedSince = 0 } = request;
    const isOld = now() - mayBeMailedSince > maximumAgeMs / 2;
    return isOld ? { ...request, mayBeMailedSince: undefined } : request;
  }

  return async (request) => {
    const { attemptId, acceptedAt } = request;
    const claim = await record.claim(attemptId);
    if (claim === 'done') return { outcome: 'duplicate' };
    if (claim === 'busy') return { outcome: 'postponed' };
    if (now() - acceptedAt > maximumAgeMs) {
      await record.complete(attemptId);
      return { outcome: 'dropped' };
    }

    const deadline = startDeadline();
    const result = await resolveAndForward(withoutOldTry(request), deadline).finally(deadline.clear);
    const { outcome, retryAfterMs } = result;
    if (outcome === 'forwarded' || outcome === 'not-recoverable') {
      await record.complete(attemptId);
      return outcome === 'forwarded' ? { outcome: 'delivered', reference: result.reference } : { outcome };
    }
    await record.release(attemptId);
    const mayBeMailedSince = request.mayBeMailedSince ?? result.mayBeMailedSince;
    return { outcome: 'postponed', afterMs: retryAfterMs, cause: outcome, mayBeMailedSince };
  };
}
