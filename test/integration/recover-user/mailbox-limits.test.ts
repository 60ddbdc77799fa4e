import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { useDynamoDb } from '../emulated-aws.ts';
import { PLATFORMS, type Platform, type PlatformService } from '../platforms.ts';
import { metricValues } from '../recovery-service.ts';

let service: PlatformService;
afterEach(() => service.close());
useDynamoDb();

const KNOWN = 'jane@example.com';
const users = [KNOWN, 'jane+family@example.com', 'J@example.com'].map((email) => ({
  externalId: email,
  email,
  displayName: 'Jane',
  status: 'active' as const,
}));

async function start(platform: Platform, environment: Record<string, string> = {}) {
  service = await platform.start({
    users,
    environment: {
      ATTEMPTS_TABLE_NAME,
      MAILBOX_COOLDOWN_SECONDS: '60',
      MAILBOX_ATTEMPTS_PER_DAY: '5',
      ...environment,
    },
    // the emulator is no faster than the machine it shares with the tests
    timing: {
      rateLimiterTimeoutMs: 20_000,
      awsConnectMs: 20_000,
      awsRequestTimeoutMs: 20_000,
      workMs: 40_000,
    },
  });
}

/** Spellings that reach one user, each a different text: only letter case may differ. */
function spellings(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    // the bits of the index say which letters are capital ones; the at sign has none
    const isCapital = (place: number) => (index >> (place > 4 ? place - 1 : place)) & 1;
    return [...KNOWN].map((letter, place) => (isCapital(place) ? letter.toUpperCase() : letter)).join('');
  });
}

describe.each(PLATFORMS)('the mailbox limits on $platform', (platform) => {
  test('lead to one email for 200 concurrent requests in 200 spellings', async () => {
    await start(platform);
    const emails = spellings(200);
    expect(new Set(emails).size).toBe(200);
    const responses = await Promise.all(emails.map((email) => service.recover(email)));
    expect(responses.map(({ status }) => status)).toEqual(Array(200).fill(202));
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN]);
    expect(metricValues(service.printed(), 'RateLimited')).toHaveLength(199);
    expect(metricValues(service.printed(), 'RateLimiterFallback')).toEqual([]);
  }, 60_000);

  test('do not lock the user out by requests for aliases, which reach nobody', async () => {
    await start(platform);
    for (let alias = 1; alias <= 5; alias++) await service.recover(`jane+${alias}@example.com`);
    await service.recover('j.ane@example.com');
    await service.recover(KNOWN);
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN]);
  });

  test('count a user with a tagged address separately', async () => {
    await start(platform);
    for (const email of [KNOWN, 'jane+family@example.com']) await service.recover(email);
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN, 'jane+family@example.com']);
  });

  test('count every spelling as one mailbox, also where it takes two lookups (v0)', async () => {
    await start(platform);
    for (const email of ['Jane@Example.com', 'JANE@EXAMPLE.COM', KNOWN]) await service.recover(email);
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN]);
    // v0: the call that emails tells; v1: a lookup of each, which emails nothing and waits for no limit
    expect(service.lookups()).toBe(platform.platform === 'v0' ? 2 : 3);
  });

  test('apply to a user whose address the app stored with capital letters', async () => {
    await start(platform);
    await service.recover('J@example.com');
    expect(service.tenant.mails.map(({ to }) => to)).toEqual(['J@example.com']);
    expect(service.lookups()).toBe(1);
  });

  test('lead to one email for 200 concurrent requests for a known user', async () => {
    await start(platform);
    await Promise.all(Array.from({ length: 200 }, () => service.recover(KNOWN)));
    expect(service.tenant.mails).toHaveLength(1);
  }, 60_000);

  test('of one user do not affect another user', async () => {
    await start(platform);
    for (let request = 0; request < 10; request++) await service.recover(KNOWN);
    await service.recover('J@example.com');
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN, 'J@example.com']);
  });

  test('apply to an unknown address as to a known one, so that probing is counted', async () => {
    await start(platform);
    for (let request = 0; request < 3; request++) await service.recover('nobody@example.com');
    expect(service.lookups()).toBe(platform.platform === 'v0' ? 1 : 3);
    expect(metricValues(service.printed(), 'RateLimited')).toEqual([1, 1]);
  });

  test('report a failed attempt that cannot be released', async () => {
    await start(platform);
    const mock = mockClient(DynamoDBClient);
    service.tenant.fault({ kind: '500' });
    mock
      .on(UpdateItemCommand)
      .resolvesOnce({})
      .rejects(Object.assign(new Error('no'), { name: 'Throttled' }));
    expect((await service.recover(KNOWN)).status).toBe(503);
    mock.restore();
    expect(metricValues(service.printed(), 'RateLimiterFallback')).toEqual([1]);
    expect(service.printed()).toContain('failed to release an attempt that came to nothing');
  });

  test('hold in memory without the table, which a metric counts', async () => {
    await start(platform, { ATTEMPTS_TABLE_NAME: 'missing' });
    for (let request = 0; request < 3; request++) expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'RateLimiterFallback')).toEqual([1, 1, 1]);
  });
});
