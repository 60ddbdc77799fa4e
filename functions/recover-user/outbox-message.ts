import * as z from 'zod/mini';

/** An admitted request on its way through the outbox. */
export const outboxMessage = z.object({
  /** Names the attempt, so that it is delivered once however often SQS hands the message over. */
  attemptId: z.uuid(),
  /** As typed, but trimmed and in NFC. */
  address: z.string().check(z.minLength(1)),
  /** The mailbox's pseudonym, for logs. */
  mailbox: z.string(),
  /** When the request was accepted, in milliseconds since 1970. */
  acceptedAt: z.int().check(z.minimum(0)),
});
export type OutboxMessage = z.infer<typeof outboxMessage>;
