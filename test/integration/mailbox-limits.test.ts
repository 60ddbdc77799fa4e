import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../local/aws/dynamodb.ts';
import type { RunningServer } from '../../local/http-server.ts';
import { metricValues, type RecoveryService, startRecoveryService } from './recovery-service.ts';

let dynamoDb: RunningServer;
let service: RecoveryService;

beforeEach(async () => {
  dynamoDb = await startDynamoDb();
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = dynamoDb.url;
});
afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  await service.close();
  await dynamoDb.close();
});

const KNOWN = 'janedoe@gmail.com';
const users = [KNOWN, 'j@example.com'].map((email) => ({
  externalId: email,
  email,
  displayName: 'Jane',
  status: 'active' as const,
}));

async function start(environment: Record<string, string> = {}) {
  service = await startRecoveryService({
    tenant: { users },
    environment: {
      ATTEMPTS_TABLE_NAME,
      MAILBOX_COOLDOWN_SECONDS: '60',
      MAILBOX_ATTEMPTS_PER_DAY: '5',
      ...environment,
    },
    // the stand-in is no faster than the machine it shares with the tests
    timing: { ledgerPatienceMs: 20_000, workMs: 20_000 },
  });
}

/** Spellings of one mailbox, the plain one first; each a different text. */
function spellings(count: number): string[] {
  const letters = [...'janedoe'];
  return Array.from({ length: count }, (_, index) => {
    const dotted = letters
      .map((letter, place) => (place > 0 && (index >> place) & 1 ? `.${letter}` : letter))
      .join('');
    const name = index % 3 === 1 ? dotted.toUpperCase() : dotted;
    const tag = index === 0 ? '' : `+${index}`;
    return `${name}${tag}@${index % 2 === 1 ? 'GoogleMail.com' : 'gmail.com'}`;
  });
}

describe('one mailbox', () => {
  test('200 requests at once, in 200 spellings, are one attempt', async () => {
    await start();
    const emails = spellings(200);
    expect(new Set(emails).size).toBe(200);
    const answers = await Promise.all(emails.map((email) => service.recover(email)));
    expect(answers.map(({ status }) => status)).toEqual(Array(200).fill(202));
    expect(service.tenant.requests).toHaveLength(1);
    expect(metricValues(service.printed(), 'Throttled')).toHaveLength(199);
    expect(metricValues(service.printed(), 'LedgerFallback')).toEqual([]);
  }, 60_000);

  test('200 requests at once for a known user lead to one mail', async () => {
    await start();
    await Promise.all(Array.from({ length: 200 }, () => service.recover(KNOWN)));
    expect(service.tenant.mails).toHaveLength(1);
  }, 60_000);

  test('what is forwarded is the address as typed', async () => {
    await start();
    await service.recover('J.ane.Doe+x@GoogleMail.com');
    expect(JSON.parse(service.tenant.requests[0]?.body ?? '')).toMatchObject({
      external_id: 'J.ane.Doe+x@GoogleMail.com',
    });
  });

  test('a stranger who uses it up leaves the others alone', async () => {
    await start();
    for (let request = 0; request < 10; request++) await service.recover(KNOWN);
    await service.recover('j@example.com');
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN, 'j@example.com']);
  });

  test('an unknown address is limited like a known one, so that probing can be counted', async () => {
    await start();
    for (let request = 0; request < 3; request++) await service.recover('nobody@example.com');
    expect(service.tenant.requests).toHaveLength(1);
    expect(metricValues(service.printed(), 'Throttled')).toEqual([1, 1]);
  });
});

test('without the table each instance limits by itself, and a metric tells', async () => {
  await start({ ATTEMPTS_TABLE_NAME: 'missing' });
  for (let request = 0; request < 3; request++) expect((await service.recover(KNOWN)).status).toBe(202);
  expect(service.tenant.mails).toHaveLength(1);
  expect(metricValues(service.printed(), 'LedgerFallback')).toEqual([1, 1, 1]);
});
