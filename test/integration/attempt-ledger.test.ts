import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { DAY_MS } from '../../functions/recover-user/attempt-limits.ts';
import { type Deadline, startDeadline } from '../../functions/recover-user/deadline.ts';
import { createDynamoDbAttemptLedger } from '../../functions/recover-user/dynamodb-attempt-ledger.ts';
import { createFallbackAttemptLedger } from '../../functions/recover-user/fallback-attempt-ledger.ts';
import { createMemoryAttemptLedger } from '../../functions/recover-user/memory-attempt-ledger.ts';
import type { AttemptLedger } from '../../functions/recover-user/recover-user.ts';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../local/aws/dynamodb.ts';
import type { RunningServer } from '../../local/http-server.ts';

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

const LEDGERS: [string, (now: () => number, limits?: typeof LIMITS) => AttemptLedger][] = [
  [
    'DynamoDB',
    (now, limits = LIMITS) =>
      createDynamoDbAttemptLedger({ client, tableName: ATTEMPTS_TABLE_NAME, limits, now }),
  ],
  ['memory', (now, limits = LIMITS) => createMemoryAttemptLedger(limits, now)],
];

/** A mailbox that no other test has used. */
const newMailbox = () => `mailbox ${++mailboxes}`;

describe.each(LEDGERS)('the attempt ledger in %s', (_where, createLedger) => {
  const START = Date.UTC(2026, 10, 22);
  let time: number;
  beforeEach(() => {
    time = START;
  });

  /** Which of the attempts at these times (in minutes) are admitted. */
  async function admitted(minutes: number[], limits?: typeof LIMITS): Promise<number[]> {
    const ledger = createLedger(() => time, limits);
    const mailbox = newMailbox();
    const passed: number[] = [];
    for (const minute of minutes) {
      time = START + minute * MINUTE_MS;
      if (await ledger.admit(mailbox, deadline)) passed.push(minute);
    }
    return passed;
  }

  test('admits one a minute', async () => {
    expect(await admitted([0, 0.5, 0.999, 1, 1.5, 2.2])).toEqual([0, 1, 2.2]);
  });

  test('admits five in any 24 hours', async () => {
    expect(await admitted([0, 100, 200, 300, 400, 500, 1439, 1440, 1441, 1539, 1540])).toEqual([
      0, 100, 200, 300, 400, 1440, 1540,
    ]);
  });

  test('a refused attempt extends nothing', async () => {
    const hammering = Array.from({ length: 120 }, (_, index) => index / 60);
    expect(await admitted([...hammering, 2])).toEqual([0, 1, 2]);
  });

  test('keeps mailboxes apart', async () => {
    const ledger = createLedger(() => time);
    expect(await ledger.admit(newMailbox(), deadline)).toBe(true);
    expect(await ledger.admit(newMailbox(), deadline)).toBe(true);
  });

  test('of 200 at once exactly one is admitted', async () => {
    const ledger = createLedger(() => time);
    const mailbox = newMailbox();
    const answers = await Promise.all(Array.from({ length: 200 }, () => ledger.admit(mailbox, deadline)));
    expect(answers.filter(Boolean)).toHaveLength(1);
  }, 30_000);

  test('with other limits', async () => {
    expect(await admitted([0, 0, 0.1, 0.2], { cooldownMs: 0, perDay: 3 })).toEqual([0, 0, 0.1]);
    expect(await admitted([0, 5, 1440], { cooldownMs: 0, perDay: 1 })).toEqual([0, 1440]);
  });

  test('admits exactly what a list of all attempts would', async () => {
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

describe('the attempt ledger in DynamoDB', () => {
  test('keeps an item no longer than it matters, and nothing but times', async () => {
    const now = Date.UTC(2026, 10, 22);
    const mailbox = newMailbox();
    const ledger = createDynamoDbAttemptLedger({
      client,
      tableName: ATTEMPTS_TABLE_NAME,
      limits: LIMITS,
      now: () => now,
    });
    await ledger.admit(mailbox, deadline);
    const { Items } = await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }));
    expect(Items?.find((item) => item['mailbox']?.S === mailbox)).toMatchObject({
      attempt1: { N: `${now}` },
      expiresAt: { N: `${(now + DAY_MS) / 1000}` },
    });
  });

  test('makes itself ready without writing anything', async () => {
    const count = async () => (await client.send(new ScanCommand({ TableName: ATTEMPTS_TABLE_NAME }))).Count;
    const before = await count();
    await createDynamoDbAttemptLedger({ client, tableName: ATTEMPTS_TABLE_NAME, limits: LIMITS }).warmUp(
      deadline,
    );
    expect(await count()).toBe(before);
  });
});

describe('the shared ledger fails', () => {
  const fellBack = jest.fn<(reason: string) => void>();
  beforeEach(() => {
    fellBack.mockReset();
  });

  function ledger(tableName = ATTEMPTS_TABLE_NAME, patienceMs = 1000) {
    return createFallbackAttemptLedger({
      shared: createDynamoDbAttemptLedger({ client, tableName, limits: LIMITS }),
      own: createMemoryAttemptLedger(LIMITS),
      patienceMs,
      fellBack,
    });
  }

  test('it does not: it decides, and the own one is not asked', async () => {
    const mailbox = newMailbox();
    await expect(ledger().admit(mailbox, deadline)).resolves.toBe(true);
    // an instance that knows nothing of it
    await expect(ledger().admit(mailbox, deadline)).resolves.toBe(false);
    expect(fellBack).not.toHaveBeenCalled();
  });

  test('the table is missing: the own one decides, and knows its limits', async () => {
    const broken = ledger('missing-table');
    await expect(broken.admit('mailbox', deadline)).resolves.toBe(true);
    await expect(broken.admit('mailbox', deadline)).resolves.toBe(false);
    expect(fellBack).toHaveBeenCalledWith('ResourceNotFoundException');
  });

  test('the own one knows what the shared one admitted before', async () => {
    const shared = { admit: jest.fn<() => Promise<boolean>>(), warmUp: async () => undefined };
    shared.admit.mockResolvedValueOnce(true).mockRejectedValue(new Error('down'));
    const own = createMemoryAttemptLedger(LIMITS);
    const failing = createFallbackAttemptLedger({ shared, own, patienceMs: 1000, fellBack });
    await expect(failing.admit('mailbox', deadline)).resolves.toBe(true);
    await expect(failing.admit('mailbox', deadline)).resolves.toBe(false);
    expect(fellBack).toHaveBeenCalledTimes(1);
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'InternalServerError', 'TimeoutError'])(
    '%s: the own one decides',
    async (name) => {
      const mock = mockClient(DynamoDBClient);
      mock.on(UpdateItemCommand).rejects(Object.assign(new Error('theirs'), { name }));
      await expect(ledger().admit('mailbox', deadline)).resolves.toBe(true);
      expect(fellBack).toHaveBeenCalledWith(name);
      mock.restore();
    },
  );

  test('what is thrown is no error: the own one decides', async () => {
    const shared = { admit: () => Promise.reject('text'), warmUp: async () => undefined };
    const own = createMemoryAttemptLedger(LIMITS);
    const failing = createFallbackAttemptLedger({ shared, own, patienceMs: 1000, fellBack });
    await expect(failing.admit('mailbox', deadline)).resolves.toBe(true);
    expect(fellBack).toHaveBeenCalledWith('string');
  });

  test.each([
    ['too slow', () => ledger(ATTEMPTS_TABLE_NAME, 0), () => deadline],
    ['over the deadline', () => ledger(), () => startDeadline(0)],
  ])('%s: the call is cut off, and the own one decides', async (_why, createSlow, deadlineOf) => {
    await expect(createSlow().admit(newMailbox(), deadlineOf())).resolves.toBe(true);
    expect(fellBack).toHaveBeenCalledTimes(1);
  });
});

test('an instance forgets the mailboxes that were admitted longest ago, not the newest', async () => {
  const ledger = createMemoryAttemptLedger(LIMITS, () => 0);
  await ledger.admit('first', deadline);
  await ledger.admit('second', deadline);
  for (let other = 0; other < 9_999; other++) await ledger.admit(`other ${other}`, deadline);
  await expect(ledger.admit('second', deadline)).resolves.toBe(false);
  await expect(ledger.admit('first', deadline)).resolves.toBe(true);
});
