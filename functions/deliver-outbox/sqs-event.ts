import * as z from 'zod/mini';

const outboxRecord = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  attributes: z.object({
    /** When the queue took the message, in milliseconds since 1970. */
    SentTimestamp: z.string().check(z.regex(/^\d{1,15}$/)),
  }),
});

/** What the delivery function reads of a batch from SQS. */
export const outboxEvent = z.object({ Records: z.array(outboxRecord) });
export type OutboxRecord = z.infer<typeof outboxRecord>;
