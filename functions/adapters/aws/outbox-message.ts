import * as z from 'zod/mini';

/** A point in time, in milliseconds since 1970. */
const time = z.int().check(z.minimum(0));

/** An admitted request on its way through the outbox. */
export const outboxMessage = z.object({
  /** Names the attempt, so that it is delivered once however often SQS hands the message over. */
  attemptId: z.uuid(),
  /** Normalized; letter case as typed. */
  address: z.string().check(z.minLength(1)),
  /** The mailbox's pseudonym, for logs. */
  mailbox: z.string(),
  /** Since when the request waits: since it was accepted, or since somebody moved it back from the dead-letter queue. */
  acceptedAt: time,
  /** When it was sent to the queue, last: a message that the queue has for younger was moved back. */
  sentAt: time,
  /** Since when an earlier try may have sent the email; absent: none did. */
  mayBeMailedSince: z.optional(time),
  /** How often its delivery was postponed. */
  postponements: z.int().check(z.minimum(0)),
});
export type OutboxMessage = z.infer<typeof outboxMessage>;

/** The body of a message that checks the queue: the delivery function deletes it. */
export const SELF_TEST_MESSAGE = '{"kind":"self-test"}';
