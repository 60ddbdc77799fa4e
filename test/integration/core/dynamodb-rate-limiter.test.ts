import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { DAY_MS } from '../../../functions/core/rate-limiter.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { client, createRateLimiter, deadline, newMailbox, useRateLimiters } from './rate-limiters.ts';

useRateLimiters();

describe('the rate limiter in DynamoDB', () => {
  test('stores only times, and expires the item when they no longer count', async () => {
    const now = Date.UTC(2026, 10, 22);
    const mailbox = newMailbox();
    const rateLimiter = createRateLimiter({ now: () => now });
    await rateLimiter.admit(mailbox, deadline);
    const { Items } = await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }));
    expect(Items?.find((item) => item['mailbox']?.S === mailbox)).toMatchObject({
      attempt1: { N: `${now}` },
      expiresAt: { N: `${(now + DAY_MS) / 1000}` },
    });
  });

  /** A client of two tries, the first of which ends in a connection error: before the call, or after it. */
  function failingOnce(when: 'before' | 'after') {
    const failing = new DynamoDBClient({ maxAttempts: 2 });
    const calls = { count: 0 };
    failing.middlewareStack.add(
      (next) => async (args) => {
        const isFirst = ++calls.count === 1;
        const reset = Object.assign(new Error('reset'), { name: 'TimeoutError' });
        if (isFirst && when === 'before') throw reset;
        const response = await next(args);
        if (isFirst) throw reset;
        return response;
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    return { failing, calls };
  }

  test('admits an attempt that was written by a call whose response was lost', async () => {
    const { failing } = failingOnce('after');
    const rateLimiter = createRateLimiter({ client: failing });
    const mailbox = newMailbox();
    expect(await rateLimiter.admit(mailbox, deadline)).toBeDefined();
    const { Items } = await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }));
    const { attempt1, expiresAt } = Items?.find((item) => item['mailbox']?.S === mailbox) ?? {};
    expect(Number(expiresAt?.N)).toBe(Math.ceil((Number(attempt1?.N) + DAY_MS) / 1000));
    // written once
    expect(await rateLimiter.admit(mailbox, deadline)).toBeUndefined();
    failing.destroy();
  });

  test('does not admit a mailbox with a recent attempt because a call was repeated', async () => {
    const mailbox = newMailbox();
    await createRateLimiter().admit(mailbox, deadline);
    const { failing, calls } = failingOnce('before');
    expect(await createRateLimiter({ client: failing }).admit(mailbox, deadline)).toBeUndefined();
    expect(calls.count).toBe(3);
    failing.destroy();
  });

  test('rejects an attempt when the condition fails and the number of tries is unknown', async () => {
    const mock = mockClient(DynamoDBClient);
    const failed = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
    mock.on(UpdateItemCommand).rejects(failed);
    const rateLimiter = createRateLimiter();
    expect(await rateLimiter.admit(newMailbox(), deadline)).toBeUndefined();
    expect(mock.commandCalls(UpdateItemCommand)).toHaveLength(1);
    mock.restore();
  });

  test('releases the latest attempt by one call', async () => {
    const mock = mockClient(DynamoDBClient);
    mock.on(UpdateItemCommand).resolves({});
    await (await createRateLimiter().admit(newMailbox(), deadline))?.release(deadline);
    expect(mock.commandCalls(UpdateItemCommand)).toHaveLength(2);
    mock.restore();
  });

  test('warms up without writing anything', async () => {
    const count = async () => (await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }))).Count;
    const before = await count();
    await createRateLimiter().warmUp(deadline);
    expect(await count()).toBe(before);
  });
});
