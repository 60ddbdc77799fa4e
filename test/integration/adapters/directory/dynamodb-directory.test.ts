import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createDirectory } from '../../../../functions/adapters/directory/directory.ts';
import { createDynamoDbDirectory } from '../../../../functions/adapters/directory/dynamodb-directory.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import { createTelemetry } from '../../../../functions/runtime/telemetry.ts';
import { TIMEOUTS } from '../../../../functions/runtime/timeouts.ts';
import { startDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import type { RunningServer } from '../../../../local/http-server.ts';
import { setAwsEndpoints } from '../../emulated-aws.ts';

let dynamoDb: RunningServer;
let client: DynamoDBClient;
let deadline: Deadline;
const failed = jest.fn<(reason: string) => void>();

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  setAwsEndpoints({ DYNAMODB: dynamoDb.url });
  client = new DynamoDBClient();
  const throughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  await client.send(
    new CreateTableCommand({
      TableName: 'users',
      AttributeDefinitions: [
        { AttributeName: 'key', AttributeType: 'S' },
        { AttributeName: 'alias', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      ProvisionedThroughput: throughput,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-alias',
          KeySchema: [{ AttributeName: 'alias', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: throughput,
        },
      ],
    }),
  );
  const users = [
    { key: { S: 'jane@example.com' }, id: { S: 'user-7' }, alias: { S: 'j@example.com' } },
    { key: { S: 'John@Example.com' }, id: { N: '8' }, alias: { S: 'twins@example.com' } },
    { key: { S: 'twin@example.com' }, id: { S: 'user-9' }, alias: { S: 'twins@example.com' } },
    { key: { S: 'one@example.com' }, id: { S: 'user-10' }, alias: { S: 'half@example.com' } },
    { key: { S: 'other@example.com' }, alias: { S: 'half@example.com' } },
    { key: { S: 'no-id@example.com' }, alias: { S: 'no-id@example.com' } },
  ];
  for (const Item of users) await client.send(new PutItemCommand({ TableName: 'users', Item }));
});
afterAll(async () => {
  client.destroy();
  await dynamoDb.close();
});
beforeEach(() => {
  failed.mockReset();
  deadline = startDeadline(5000);
});
afterEach(() => deadline.clear());

const byKey = { addressAttribute: 'key', indexName: undefined };
const byAlias = { addressAttribute: 'alias', indexName: 'by-alias' };

function resolve(address: string, by: typeof byKey | typeof byAlias = byKey, tableName = 'users') {
  const config = { type: 'dynamodb', tableName, referenceAttribute: 'id', ...by } as const;
  return createDynamoDbDirectory({ client, config, failed }).resolve(address, deadline);
}

describe('a DynamoDB directory', () => {
  test('finds a user by the partition key of the table', async () => {
    await expect(resolve('jane@example.com')).resolves.toEqual({
      user: 'reference:user-7',
      references: ['user-7'],
    });
  });

  test('finds a user by the partition key of an index', async () => {
    await expect(resolve('j@example.com', byAlias)).resolves.toEqual({
      user: 'reference:user-7',
      references: ['user-7'],
    });
  });

  test('looks for an address as typed, and then in lower case', async () => {
    await expect(resolve('Jane@Example.com')).resolves.toMatchObject({ user: 'reference:user-7' });
    await expect(resolve('John@Example.com')).resolves.toEqual({ user: 'reference:8', references: ['8'] });
    await expect(resolve('john@example.com')).resolves.toEqual({ user: 'john@example.com', references: [] });
  });

  test('returns every user of an index who has the address', async () => {
    const resolved = await resolve('twins@example.com', byAlias);
    expect([...(resolved?.references ?? [])].sort()).toEqual(['8', 'user-9']);
  });

  test('finds no user by an unknown address, and returns the address as the name', async () => {
    await expect(resolve('Max@Example.com')).resolves.toEqual({ user: 'max@example.com', references: [] });
    await expect(resolve('max@example.com', byAlias)).resolves.toMatchObject({ references: [] });
    expect(failed).not.toHaveBeenCalled();
  });

  test.each([byKey, byAlias])(
    'never takes a user without a reference for an unknown user: %j',
    async (by) => {
      await expect(resolve('no-id@example.com', by)).resolves.toBeUndefined();
      expect(failed).toHaveBeenCalledWith('an item has no text or number in id');
    },
  );

  test('never leaves out a user of an index who has the address and no reference', async () => {
    await expect(resolve('half@example.com', byAlias)).resolves.toBeUndefined();
    expect(failed).toHaveBeenCalledWith('an item has no text or number in id');
  });

  test('is used where it is configured', async () => {
    const config = { type: 'dynamodb', tableName: 'users', referenceAttribute: 'id', ...byKey } as const;
    const context = { telemetry: createTelemetry('test'), timeouts: TIMEOUTS };
    await expect(
      createDirectory(config, 'v0', context).resolve('jane@example.com', deadline),
    ).resolves.toMatchObject({ references: ['user-7'] });
  });

  test('resolves no user when the table is missing or hangs, and reports only the name of the error', async () => {
    await expect(resolve('jane@example.com', byKey, 'nowhere')).resolves.toBeUndefined();
    expect(failed).toHaveBeenLastCalledWith('ResourceNotFoundException');
    const mocked = mockClient(DynamoDBClient);
    mocked.on(GetItemCommand).callsFake(() => new Promise(() => undefined));
    const short = startDeadline(1);
    const config = { type: 'dynamodb', tableName: 'users', referenceAttribute: 'id', ...byKey } as const;
    const directory = createDynamoDbDirectory({ client: new DynamoDBClient(), config, failed });
    await expect(directory.resolve('jane@example.com', short)).resolves.toBeUndefined();
    expect(failed).toHaveBeenLastCalledWith('DeadlineExceeded');
    mocked.on(GetItemCommand).callsFake(() => Promise.reject('text'));
    await expect(directory.resolve('jane@example.com', deadline)).resolves.toBeUndefined();
    expect(failed).toHaveBeenLastCalledWith('string');
    mocked.on(QueryCommand).resolves({});
    const indexed = { ...config, ...byAlias };
    const index = createDynamoDbDirectory({ client: new DynamoDBClient(), config: indexed, failed });
    await expect(index.resolve('jane@example.com', deadline)).resolves.toMatchObject({ references: [] });
    mocked.restore();
  });
});
