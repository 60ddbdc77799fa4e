import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEPLOYMENTS, FUNCTION_IDS } from './deployments.ts';
import { eventually, messagesIn, type Service, startService } from './service.ts';

const SELF_TEST = { kind: 'self-test' };

describe.each(DEPLOYMENTS)('on $platform with $delivery delivery', (kind) => {
  let service: Service;
  const tenantChecks = ['token', 'Beyond Identity', ...(kind.platform === 'v1' ? ['binding jobs'] : [])];
  const checksOf = {
    RecoverUserFunction: [
      'table',
      'outbox',
      'pseudonymization key',
      ...(kind.delivery === 'direct' ? ['directory', ...tenantChecks] : []),
    ],
    DeliverOutboxFunction: ['table', 'directory', ...tenantChecks],
  };

  beforeAll(async () => {
    service = await startService(kind);
  });
  afterAll(() => service?.close());

  test.each(FUNCTION_IDS)('%s finds everything in order, and sends no email', async (id) => {
    const instance = await service.startFunction(id);
    const checks = checksOf[id].map((name) => expect.objectContaining({ name, status: 'ok' }));
    expect(await instance.invoke(SELF_TEST)).toMatchObject({ status: 'ok', checks });
    expect(service.tenant.mails).toEqual([]);
  });

  test('the delivery function deletes what the self-test put into the outbox', async () => {
    await service.startDelivery();
    await eventually(async () => {
      const messages = await messagesIn(service.output('OutboxQueueUrl'), service);
      return messages.length === 0 || undefined;
    });
  });

  test.each(FUNCTION_IDS)('%s reports a table that is gone', async (id) => {
    const TableName = service.tableName;
    await new DynamoDBClient(service.clientOptions)
      .send(new DeleteTableCommand({ TableName }))
      .catch((error: Error) => expect(error.name).toBe('ResourceNotFoundException'));
    const problem = { name: 'table', status: 'problem', detail: 'ResourceNotFoundException' };
    const instance = await service.startFunction(id);
    expect(await instance.invoke(SELF_TEST)).toMatchObject({
      checks: expect.arrayContaining([expect.objectContaining(problem)]),
    });
  });
});
