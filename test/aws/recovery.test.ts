import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEPLOYMENTS } from './deployments.ts';
import type { Instance } from './instance.ts';
import { eventually, messagesIn, recover, type Service, startService } from './service.ts';

describe.each(DEPLOYMENTS)('on $platform with $delivery delivery', (kind) => {
  let service: Service;
  let endpoint: Instance;

  beforeAll(async () => {
    service = await startService(kind);
    endpoint = await service.startFunction('RecoverUserFunction');
    await service.startDelivery();
  });
  afterAll(() => service?.close());

  test('a second request for the mailbox, on another instance, gets the same response and no email', async () => {
    const first = await recover(endpoint, 'jane@example.com');
    const other = await service.startFunction('RecoverUserFunction');
    const { statusCode, body } = await recover(other, 'jane@example.com');
    expect({ statusCode, body }).toEqual({ statusCode: 202, body: first.body });
    const outcomes = kind.delivery === 'direct' ? ['forwarded'] : ['queued', 'delivered'];
    const events = await eventually(async () => {
      const published = await service.auditLog();
      return published.length > outcomes.length ? published : undefined;
    });
    expect(events.map(({ detail }) => detail.outcome).toSorted()).toEqual(
      ['rate-limited', ...outcomes].toSorted(),
    );
    expect(service.tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com']);
  });

  test('an unknown user gets the same response, and no email', async () => {
    const { body } = await recover(endpoint, 'john@example.com');
    expect(await recover(endpoint, 'nobody@example.com')).toMatchObject({ statusCode: 202, body });
    await eventually(async () => {
      const events = await service.auditLog();
      return events.find(({ detail }) => detail.outcome === 'not-recoverable');
    });
    expect(service.tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com', 'john@example.com']);
  });

  test('the rule of a consumer brings the same events to its queue as the audit log has', async () => {
    const inQueue = (await messagesIn(service.eventQueueUrl, service)).map((text) => JSON.parse(text));
    const events = await service.auditLog();
    expect(inQueue).toHaveLength(events.length);
    for (const event of events) expect(inQueue).toContainEqual(expect.objectContaining(event));
  });

  test('the rate limit table has the attempts, all to expire, and no address', async () => {
    const client = new DynamoDBClient(service.clientOptions);
    const TableName = service.tableName;
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    const attempts = Items.filter((item) => item['attempt1'] !== undefined);
    expect(attempts).toHaveLength(3);
    for (const item of Items) expect(item).toHaveProperty('expiresAt.N', expect.stringMatching(/^\d{10}$/));
    expect(JSON.stringify(Items)).not.toMatch(/@|example/);
  });
});
