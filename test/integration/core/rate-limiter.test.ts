import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { createDynamoDbRateLimiter } from '../../../functions/adapters/aws/dynamodb-rate-limiter.ts';
import type { Deadline } from '../../../functions/core/deadline.ts';
import { createFallbackRateLimiter } from '../../../functions/core/fallback-rate-limiter.ts';
import { createInMemoryRateLimiter } from '../../../functions/core/in-memory-rate-limiter.ts';
import { DAY_MS, type RateLimiter } from '../../../functions/core/rate-limiter.ts';
import { startDeadline } from '../../../functions/runtime/deadline.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import type { RunningServer } from '../../../local/http-server.ts';

const MINUTE_MS = 60_000;
const LIMITS = { cooldownMs: MINUTE_MS, perDay: 5 };

let dynamoDb: RunningServer;
let client: DynamoDBClient;
let deadline: Deadline;
let mailboxes = 0;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  client = new DynamoDBClient({
    endpoint: dynamoDb.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterAll(async () => {
  client.destroy();
  await dynamoDb.close();
});
beforeEach(() => {
  deadline = startDeadline(5000);
});
afterEach(() => deadline.clear());

const RATE_LIMITERS: [string, (now: () => number, limits?: typeof LIMITS) => RateLimiter][] = [
  [
    'DynamoDB',
    (now, limits = LIMITS) =>
      createDynamoDbRateLimiter({ client, tableName: ATTEMPTS_TABLE_NAME, limits, now }),
  ],
  ['memory', (now, limits = LIMITS) => createInMemoryRateLimiter(limits, now)],
];

/** A mailbox that no other test has used. */
const newMailbox = () => `mailbox ${++mailboxes}`;

describe.each(RATE_LIMITERS)('the rate limiter in %s', (_where, createRateLimiter) => {
  const START = Date.UTC(2026, 10, 22);
  let time: number;
  beforeEach(() => {
    time = START;
  });

  /** Which of the attempts at these times (in minutes) are admitted. */
  async function admitted(minutes: number[], limits?: typeof LIMITS): Promise<number[]> {
    const rateLimiter = createRateLimiter(() => time, limits);
    const mailbox = newMailbox();
    const passed: number[] = [];
    for (const minute of minutes) {
      time = START + minute * MINUTE_MS;
      if (await rateLimiter.admit(mailbox, deadline)) passed.push(minute);
    }
    return passed;
  }

  test('admits one attempt a minute', async () => {
    expect(await admitted([0, 0.5, 0.999, 1, 1.5, 2.2])).toEqual([0, 1, 2.2]);
  });

  test('admits five attempts in any 24 hours', async () => {
    expect(await admitted([0, 100, 200, 300, 400, 500, 1439, 1440, 1441, 1539, 1540])).toEqual([
      0, 100, 200, 300, 400, 1440, 1540,
    ]);
  });

  test('does not extend a limit by a rejected attempt', async () => {
    const hammering = Array.from({ length: 120 }, (_, index) => index / 60);
    expect(await admitted([...hammering, 2])).toEqual([0, 1, 2]);
  });

  test('limits each mailbox separately', async () => {
    const rateLimiter = createRateLimiter(() => time);
    expect(await rateLimiter.admit(newMailbox(), deadline)).toBeDefined();
    expect(await rateLimiter.admit(newMailbox(), deadline)).toBeDefined();
  });

  test('admits exactly one of 200 concurrent attempts', async () => {
    const rateLimiter = createRateLimiter(() => time);
    const mailbox = newMailbox();
    const attempts = await Promise.all(
      Array.from({ length: 200 }, () => rateLimiter.admit(mailbox, deadline)),
    );
    expect(attempts.filter(Boolean)).toHaveLength(1);
  }, 30_000);

  test('does not count a released attempt, for the minute or for the day', async () => {
    const rateLimiter = createRateLimiter(() => time, { cooldownMs: MINUTE_MS, perDay: 2 });
    const mailbox = newMailbox();
    const admitAt = (minute: number) => {
      time = START + minute * MINUTE_MS;
      return rateLimiter.admit(mailbox, deadline);
    };
    await admitAt(0);
    for (let minute = 1; minute < 5; minute++) {
      const attempt = await admitAt(minute);
      expect(attempt).toBeDefined();
      await attempt?.release(deadline);
    }
    expect(await admitAt(4)).toBeDefined();
    expect(await admitAt(6)).toBeUndefined();
    // the first one, which was not released, is still known
    expect(await admitAt(1440)).toBeDefined();
    expect(await admitAt(1441)).toBeUndefined();
  });

  test('releases an attempt from among newer ones, and only once', async () => {
    const rateLimiter = createRateLimiter(() => time, { cooldownMs: 0, perDay: 3 });
    const mailbox = newMailbox();
    const attempts: Awaited<ReturnType<RateLimiter['admit']>>[] = [];
    for (let minute = 0; minute < 3; minute++) {
      time = START + minute * MINUTE_MS;
      attempts.push(await rateLimiter.admit(mailbox, deadline));
    }
    for (let round = 0; round < 2; round++) await attempts[1]?.release(deadline);
    expect(await rateLimiter.admit(mailbox, deadline)).toBeDefined();
    expect(await rateLimiter.admit(mailbox, deadline)).toBeUndefined();
    time = START + 1440 * MINUTE_MS;
    expect(await rateLimiter.admit(mailbox, deadline)).toBeDefined();
    expect(await rateLimiter.admit(mailbox, deadline)).toBeUndefined();
  });

  test('applies other limits', async () => {
    expect(await admitted([0, 0, 0.1, 0.2], { cooldownMs: 0, perDay: 3 })).toEqual([0, 0, 0.1]);
    expect(await admitted([0, 5, 1440], { cooldownMs: 0, perDay: 1 })).toEqual([0, 1440]);
  });

  test('admits exactly the attempts that a complete list of attempts would admit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 5, maxLength: 25 }),
        async (gaps) => {
          let minute = 0;
          const minutes = gaps.map((gap) => (minute += gap));
          const expected: number[] = [];
          for (const candidate of minutes) {
            const lastDay = expected.filter((earlier) => earlier > candidate - DAY_MS / MINUTE_MS);
            const latest = lastDay.at(-1) ?? Number.NEGATIVE_INFINITY;
            if (lastDay.length < 5 && latest <= candidate - 1) expected.push(candidate);
          }
          expect(await admitted(minutes)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  }, 30_000);
});

describe('the rate limiter in DynamoDB', () => {
  test('stores only times, and expires the item when they no longer count', async () => {
    const now = Date.UTC(2026, 10, 22);
    const mailbox = newMailbox();
    const rateLimiter = createDynamoDbRateLimiter({
      client,
      tableName: ATTEMPTS_TABLE_NAME,
      limits: LIMITS,
      now: () => now,
    });
    await rateLimiter.admit(mailbox, deadline);
    const { Items } = await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }));
    expect(Items?.find((item) => item['mailbox']?.S === mailbox)).toMatchObject({
      attempt1: { N: `${now}` },
      expiresAt: { N: `${(now + DAY_MS) / 1000}` },
    });
  });

  /** A client that loses the responses of its first calls, which were carried out. */
  function losingResponses(times: number): DynamoDBClient {
    const losing = new DynamoDBClient({
      endpoint: dynamoDb.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 2,
    });
    let lost = 0;
    losing.middlewareStack.add(
      (next) => async (args) => {
        const response = await next(args);
        if (lost++ < times) throw Object.assign(new Error('reset'), { name: 'TimeoutError' });
        return response;
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    return losing;
  }

  test('admits an attempt that was written by a call whose response was lost', async () => {
    const options = { client: losingResponses(1), tableName: ATTEMPTS_TABLE_NAME, limits: LIMITS };
    const rateLimiter = createDynamoDbRateLimiter(options);
    const mailbox = newMailbox();
    expect(await rateLimiter.admit(mailbox, deadline)).toBeDefined();
    // written once
    expect(await rateLimiter.admit(mailbox, deadline)).toBeUndefined();
    options.client.destroy();
  });

  test('does not admit a mailbox with a recent attempt because a call was repeated', async () => {
    const mailbox = newMailbox();
    const table = { tableName: ATTEMPTS_TABLE_NAME, limits: LIMITS };
    await createDynamoDbRateLimiter({ client, ...table }).admit(mailbox, deadline);
    const throttled = new DynamoDBClient({
      endpoint: dynamoDb.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 2,
    });
    let calls = 0;
    throttled.middlewareStack.add(
      (next) => async (args) => {
        if (++calls === 1) throw Object.assign(new Error('reset'), { name: 'TimeoutError' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    expect(
      await createDynamoDbRateLimiter({ client: throttled, ...table }).admit(mailbox, deadline),
    ).toBeUndefined();
    expect(calls).toBe(3);
    throttled.destroy();
  });

  test('rejects an attempt when the condition fails and the number of tries is unknown', async () => {
    const mock = mockClient(DynamoDBClient);
    const failed = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
    mock.on(UpdateItemCommand).rejects(failed);
    const rateLimiter = createDynamoDbRateLimiter({ client, tableName: ATTEMPTS_TABLE_NAME, limits: LIMITS });
    expect(await rateLimiter.admit(newMailbox(), deadline)).toBeUndefined();
    expect(mock.commandCalls(UpdateItemCommand)).toHaveLength(1);
    mock.restore();
  });

  test('warms up without writing anything', async () => {
    const count = async () => (await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }))).Count;
    const before = await count();
    await createDynamoDbRateLimiter({ client, tableName: ATTEMPTS_TABLE_NAME, limits: LIMITS }).warmUp(
      deadline,
    );
    expect(await count()).toBe(before);
  });
});

describe('a rate limiter with a fallback', () => {
  const onFallback = jest.fn<(reason: string) => void>();
  const onReleaseFailed = jest.fn<(reason: string) => void>();
  beforeEach(() => {
    onFallback.mockReset();
    onReleaseFailed.mockReset();
  });

  const withFallback = (primary: RateLimiter, timeoutMs = 1000) =>
    createFallbackRateLimiter({
      primary,
      fallback: createInMemoryRateLimiter(LIMITS, Date.now),
      timeoutMs,
      onFallback,
      onReleaseFailed,
    });

  const rateLimiter = (tableName = ATTEMPTS_TABLE_NAME, timeoutMs?: number) =>
    withFallback(createDynamoDbRateLimiter({ client, tableName, limits: LIMITS }), timeoutMs);

  test('uses DynamoDB and does not consult the fallback', async () => {
    const mailbox = newMailbox();
    expect(await rateLimiter().admit(mailbox, deadline)).toBeDefined();
    // an instance that knows nothing of it
    expect(await rateLimiter().admit(mailbox, deadline)).toBeUndefined();
    expect(onFallback).not.toHaveBeenCalled();
  });

  test('applies the same limits in memory when the table is missing', async () => {
    const broken = rateLimiter('missing-table');
    expect(await broken.admit('mailbox', deadline)).toBeDefined();
    expect(await broken.admit('mailbox', deadline)).toBeUndefined();
    expect(onFallback).toHaveBeenCalledWith('ResourceNotFoundException');
  });

  test('remembers in memory what DynamoDB admitted before', async () => {
    const admit = jest.fn<RateLimiter['admit']>();
    admit.mockResolvedValueOnce({ release: async () => undefined }).mockRejectedValue(new Error('down'));
    const failing = withFallback({ admit });
    expect(await failing.admit('mailbox', deadline)).toBeDefined();
    expect(await failing.admit('mailbox', deadline)).toBeUndefined();
    expect(onFallback).toHaveBeenCalledTimes(1);
  });

  test('releases an attempt in DynamoDB and in memory', async () => {
    const mailbox = newMailbox();
    const healthy = rateLimiter();
    await (await healthy.admit(mailbox, deadline))?.release(deadline);
    expect(await healthy.admit(mailbox, deadline)).toBeDefined();

    const release = jest.fn(async () => undefined);
    const admit = jest.fn<RateLimiter['admit']>();
    admit.mockResolvedValueOnce({ release }).mockRejectedValue(new Error('down'));
    const failing = withFallback({ admit });
    await (await failing.admit('mailbox', deadline))?.release(deadline);
    expect(release).toHaveBeenCalledTimes(1);
    expect(await failing.admit('mailbox', deadline)).toBeDefined();
  });

  test('reports an attempt that cannot be released', async () => {
    const release = () => Promise.reject(new RangeError('down'));
    const failing = withFallback({ admit: async () => ({ release }) });
    await (await failing.admit('mailbox', deadline))?.release(deadline);
    expect(onReleaseFailed).toHaveBeenCalledWith('RangeError');
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerError', 'TimeoutError'])(
    'falls back to memory on %s',
    async (name) => {
      const mock = mockClient(DynamoDBClient);
      mock.on(UpdateItemCommand).rejects(Object.assign(new Error('theirs'), { name }));
      expect(await rateLimiter().admit('mailbox', deadline)).toBeDefined();
      expect(onFallback).toHaveBeenCalledWith(name);
      mock.restore();
    },
  );

  test('falls back when a non-Error value is thrown', async () => {
    const failing = withFallback({ admit: () => Promise.reject('text') });
    expect(await failing.admit('mailbox', deadline)).toBeDefined();
    expect(onFallback).toHaveBeenCalledWith('string');
  });

  test.each([
    ['exceeds its timeout', () => rateLimiter(ATTEMPTS_TABLE_NAME, 0), () => deadline],
    ['exceeds the deadline', () => rateLimiter(), () => startDeadline(0)],
  ])('falls back to memory when the call to DynamoDB %s', async (_why, createSlow, deadlineOf) => {
    expect(await createSlow().admit(newMailbox(), deadlineOf())).toBeDefined();
    expect(onFallback).toHaveBeenCalledWith('DeadlineExceeded');
  });
});

test('the in-memory rate limiter releases an attempt of a mailbox that it has dropped', async () => {
  const rateLimiter = createInMemoryRateLimiter(LIMITS, () => 0);
  const attempt = await rateLimiter.admit('first', deadline);
  for (let other = 0; other < 10_000; other++) await rateLimiter.admit(`other ${other}`, deadline);
  await attempt?.release(deadline);
  expect(await rateLimiter.admit('first', deadline)).toBeDefined();
});

test('the in-memory rate limiter drops the mailboxes that were admitted longest ago', async () => {
  const rateLimiter = createInMemoryRateLimiter(LIMITS, () => 0);
  await rateLimiter.admit('first', deadline);
  await rateLimiter.admit('second', deadline);
  for (let other = 0; other < 9_999; other++) await rateLimiter.admit(`other ${other}`, deadline);
  expect(await rateLimiter.admit('second', deadline)).toBeUndefined();
  expect(await rateLimiter.admit('first', deadline)).toBeDefined();
});
