import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { eventually, messagesIn, recover, type Service, startService } from './service.ts';

const PLATFORMS = ['v0', 'v1'] as const;

const outcomesOf = async (service: Service) => (await service.auditLog()).map(({ detail }) => detail.outcome);
const recipientsOf = ({ tenant }: Service) => tenant.mails.map(({ to }) => to);

// at once, because a postponed delivery pauses for up to ten seconds
test.concurrent.each(PLATFORMS)(
  'on %s, a request in an outage waits in the outbox, is postponed, and is delivered when the outage ends',
  async (platform) => {
    await using service = await startService({ platform, delivery: 'direct' });
    service.tenant.fault({ kind: '500' });
    const endpoint = await service.startFunction('RecoverUserFunction');
    expect(await recover(endpoint, 'jane@example.com')).toHaveProperty('statusCode', 202);
    const [waiting = ''] = await messagesIn(service.output('OutboxQueueUrl'), service);
    expect(JSON.parse(waiting)).toMatchObject({ address: 'jane@example.com', postponements: 0 });

    await service.startDelivery();
    await eventually(async () => (await outcomesOf(service)).includes('postponed') || undefined);
    expect(recipientsOf(service)).toEqual([]);
    service.tenant.heal();
    await eventually(async () => (await outcomesOf(service)).includes('delivered') || undefined);
    expect(recipientsOf(service)).toEqual(['jane@example.com']);
    const attempts = (await service.auditLog()).map(({ detail }) => detail.attemptId);
    expect(new Set(attempts).size).toBe(1);
  },
);

test.concurrent.each(PLATFORMS)(
  'on %s, of one batch, what was delivered is deleted, a duplicate is mailed once, and what cannot be read is a dead letter',
  async (platform) => {
    await using service = await startService({ platform, delivery: 'queued' });
    const known = message('john@example.com');
    const bodies = ['not a request', known, message('nobody@example.com'), known];
    await new SQSClient(service.clientOptions).send(
      new SendMessageBatchCommand({
        QueueUrl: service.output('OutboxQueueUrl'),
        Entries: bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody })),
      }),
    );
    await service.startDelivery();
    const deadLetters = await eventually(async () => {
      const letters = await messagesIn(service.output('DeadLetterQueueUrl'), service);
      return letters.length > 0 ? letters : undefined;
    });
    expect(deadLetters).toEqual(['not a request']);
    expect(await messagesIn(service.output('OutboxQueueUrl'), service)).toEqual([]);
    expect(recipientsOf(service)).toEqual(['john@example.com']);
    expect((await outcomesOf(service)).toSorted()).toEqual(['delivered', 'duplicate', 'not-recoverable']);
  },
);

/** A request as the endpoint puts it into the outbox. */
function message(address: string): string {
  const now = Date.now();
  const mailbox = 'a-pseudonym';
  return JSON.stringify({
    attemptId: randomUUID(),
    address,
    mailbox,
    acceptedAt: now,
    sentAt: now,
    postponements: 0,
  });
}
