import type { DeliveryOutcome, ForwardFailure, RequestOutcome } from './outcomes.ts';

/** What is published of a request: who asked, for which mailbox (a pseudonym), and what came of it. */
export interface RequestFacts {
  /** The id under which every log has the request. */
  requestId: string;
  /** The client IP, as the gateway saw it. */
  sourceIp: string | undefined;
  outcome: RequestOutcome;
  mailbox: string | undefined;
  /** Names the attempt that the request became; absent: it was not admitted. */
  attemptId?: string | undefined;
  /** Why the request was not forwarded. */
  cause?: ForwardFailure | undefined;
  /** How Beyond Identity knows the user, once it accepted the request: the external id (v0) or the identity's id (v1). */
  reference?: string | undefined;
}

/** What is published of one delivery from the outbox; of a message that cannot be read, nothing is. */
export interface DeliveryFacts {
  /** That of the request. */
  attemptId: string;
  outcome: Exclude<DeliveryOutcome, 'malformed'>;
  mailbox: string;
  /** How long the request has waited in the outbox, in whole seconds. */
  waitedSeconds: number;
  /** Why the delivery was postponed. */
  cause?: ForwardFailure | undefined;
  /** As that of {@link RequestFacts}. */
  reference?: string | undefined;
}

/** Where events go. No method throws, and each settles within its own time. */
export interface Events {
  /** Makes itself ready for the first event. */
  warmUp(): Promise<void>;
  /** Publishes the event of a request that ended, within so many milliseconds. */
  requested(facts: RequestFacts, timeoutMs: number): Promise<void>;
  /** Publishes the event of a delivery that ended, within so many milliseconds. */
  deliveryAttempted(facts: DeliveryFacts, timeoutMs: number): Promise<void>;
}
