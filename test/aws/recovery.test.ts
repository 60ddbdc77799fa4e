import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, jest, test } from '@jest/globals';
import { DEPLOYMENTS } from './deployments.ts';
import { eventually, messagesIn, recover, startService } from './service.ts';

// on a machine that is busy, moto may miss the quarter of a second after which an instance decides by itself
jest.retryTimes(2, { logErrorsBeforeRetry: true });

test.each(DEPLOYMENTS)(
  'on $platform with $delivery delivery, a mailbox gets one email from two instances, an unknown user none, and rules bring every event to the audit log and a queue',
  async (kind) => {
    await using service = await startService(kind);
    const endpoint = await service.startFunction('RecoverUserFunction');
    const other = await service.startFunction('RecoverUserFunction');
    await service.startDelivery();
    const { body } = await recover(endpoint, 'jane@example.com');
    const responses = [
      await recover(other, 'jane@example.com'),
      await recover(endpoint, 'nobody@example.com'),
    ];
    for (const response of responses) expect(response).toMatchObject({ statusCode: 202, body });

    const expected =
      kind.delivery === 'direct'
        ? ['forwarded', 'not-recoverable', 'rate-limited']
        : ['delivered', 'not-recoverable', 'queued', 'queued', 'rate-limited'];
    const events = await eventually(async () => {
      const published = await service.auditLog();
      return published.length < expected.length ? undefined : published;
    });
    expect(events.map(({ detail }) => detail.outcome).toSorted()).toEqual(expected);
    expect(service.tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com']);

    const inQueue = (await messagesIn(service.eventQueueUrl, service)).map((text) => JSON.parse(text));
    expect(inQueue).toHaveLength(events.length);
    for (const event of events) expect(inQueue).toContainEqual(expect.objectContaining(event));

    const client = new DynamoDBClient(service.clientOptions);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: service.tableName }));
    expect(Items.filter((item) => item['attempt1'] !== undefined)).toHaveLength(2);
    for (const item of Items) expect(item).toHaveProperty('expiresAt.N', expect.stringMatching(/^\d{10}$/));
    expect(JSON.stringify(Items)).not.toMatch(/@|example/);
  },
);
