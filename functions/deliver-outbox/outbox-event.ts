import * as z from 'zod/mini';

const outboxRecord = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.string().check(z.regex(/^[1-9]\d{0,8}$/)) }),
});

/** What the delivery function reads of a batch from SQS. */
export const outboxEvent = z.object({ Records: z.array(outboxRecord) });
export type OutboxRecord = z.infer<typeof outboxRecord>;
