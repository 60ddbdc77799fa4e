import { afterEach, describe, expect, test } from '@jest/globals';
import { outboxMessage } from '../../../functions/adapters/aws/outbox-message.ts';
import { ACCEPTED_BODY } from '../../../functions/recover-user/http/contract.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { sqs, useDynamoDb, useSqs } from '../emulated-aws.ts';
import {
  PLATFORMS,
  type Platform,
  type PlatformFault,
  type PlatformOptions,
  type PlatformService,
  tooManyRequests,
} from '../platforms.ts';
import { metricValues } from '../recovery-service.ts';

const KNOWN = 'jane@example.com';
const QUEUED = { DELIVERY: 'queued', PSEUDONYM_KEY_SECRET_ID: 'the-key', API_TOKEN_SECRET_ID: '' };
let service: PlatformService;

afterEach(() => service.close());
useSqs();

async function start(platform: Platform, options: PlatformOptions = {}) {
  service = await platform.start({
    ...options,
    environment: { OUTBOX_QUEUE_URL: sqs.queueUrl, ...options.environment },
    timing: { workMs: 300, ...options.timing },
  });
}

const kept = () => sqs.messages.map(({ body }) => outboxMessage.parse(JSON.parse(body)));

describe.each(PLATFORMS)('the outbox of the endpoint on $platform', (platform) => {
  test('does not receive requests that were forwarded', async () => {
    await start(platform, { timing: { workMs: 2000 } });
    for (const email of [KNOWN, 'nobody@example.com']) {
      expect((await service.recover(email)).status).toBe(202);
    }
    expect(kept()).toEqual([]);
  });

  test.each<PlatformFault>([{ kind: '500' }, tooManyRequests(3600), { kind: 'reset' }, { kind: 'hang' }])(
    'receives requests during %j, and the caller gets the usual response',
    async (fault) => {
      await start(platform);
      service.tenant.fault(fault);
      for (const email of [KNOWN, ' Nobody@example.com ']) {
        const response = await service.recover(email);
        expect(response.status).toBe(202);
        expect(await response.text()).toBe(ACCEPTED_BODY);
      }
      expect(kept().map(({ address }) => address)).toEqual([KNOWN, 'Nobody@example.com']);
      expect(metricValues(service.printed(), 'Queued')).toEqual([1, 1]);
    },
  );

  test('receives requests while the API token is rejected', async () => {
    await start(platform);
    service.rejectToken();
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(kept()).toHaveLength(1);
    expect(metricValues(service.printed(), 'CauseTokenRefused')).toEqual([1]);
    expect(metricValues(service.printed(), 'TokenRefused')).toEqual([]);
  });

  test('does not receive rate-limited requests', async () => {
    await start(platform, { environment: { MAILBOX_COOLDOWN_SECONDS: '60' } });
    service.tenant.fault({ kind: '500' });
    for (let request = 0; request < 3; request++) expect((await service.recover(KNOWN)).status).toBe(202);
    expect(kept()).toHaveLength(1);
  });

  test.each(['error', 'throttled', 'access-denied', 'reset', 'not-json', 'hang'] as const)(
    'leads to a 503 when it does not accept the request (%s)',
    async (kind) => {
      await start(platform);
      service.tenant.fault({ kind: '500' });
      sqs.fault({ kind });
      const response = await service.recover(KNOWN);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('30');
      expect(metricValues(service.printed(), 'OutboxFailed')).toEqual([1]);
    },
  );

  test('receives requests without a call to Beyond Identity while it fails for every user', async () => {
    await start(platform, { timing: { workMs: 100 } });
    service.tenant.fault({ kind: '500' });
    for (let request = 0; request < 5; request++) await service.recover(`user${request}@example.com`);
    const calls = service.lookups();
    for (let request = 0; request < 5; request++) expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.lookups()).toBe(calls);
    expect(kept()).toHaveLength(10);
  });

  test('is connected to over TLS where its URL says so', async () => {
    // the SDK would prefer this endpoint to the URL of the queue
    delete process.env['AWS_ENDPOINT_URL_SQS'];
    // nothing listens: the early connection fails silently, and the request fails by itself
    await start(platform, { environment: { OUTBOX_QUEUE_URL: 'https://127.0.0.1:9/1/outbox' } });
    service.tenant.fault({ kind: '500' });
    expect((await service.recover(KNOWN)).status).toBe(503);
  });

  describe('with a rate limiter in DynamoDB', () => {
    useDynamoDb();

    test.each([false, true])(
      'leads to a 503 that uses up no attempt (queued delivery: %j)',
      async (isQueued) => {
        await start(platform, {
          environment: {
            ...(isQueued && QUEUED),
            ATTEMPTS_TABLE_NAME,
            MAILBOX_COOLDOWN_SECONDS: '60',
            MAILBOX_ATTEMPTS_PER_DAY: '2',
          },
          timing: { workMs: 1000, rateLimiterTimeoutMs: 1000 },
        });
        service.secretsManager.put('the-key', 'a-key-of-pseudonyms');
        service.tenant.fault({ kind: '500' });
        sqs.fault({ kind: 'error' });
        for (let request = 0; request < 4; request++) {
          expect((await service.recover(KNOWN)).status).toBe(503);
        }
        service.tenant.heal();
        sqs.heal();
        expect((await service.recover(KNOWN)).status).toBe(202);
        expect(service.tenant.mails.length + kept().length).toBe(1);
        expect((await service.recover(KNOWN)).status).toBe(202);
        expect(service.tenant.mails.length + kept().length).toBe(1);
        expect(metricValues(service.printed(), 'RateLimiterFallback')).toEqual([]);
      },
    );
  });
});

describe.each(PLATFORMS)('queued delivery on $platform', (platform) => {
  test('queues every request, forwards none, and never reads the API token', async () => {
    await start(platform, { environment: QUEUED });
    service.secretsManager.put('the-key', 'a-key-of-pseudonyms');
    for (const email of [KNOWN, 'nobody@example.com']) {
      const response = await service.recover(email);
      expect(response.status).toBe(202);
      expect(await response.text()).toBe(ACCEPTED_BODY);
    }
    expect(kept()).toHaveLength(2);
    expect(service.lookups()).toBe(0);
    expect(new Set(service.secretsManager.requests.map(({ secretId }) => secretId))).toEqual(
      new Set(['the-key']),
    );
  });

  test('a request without an API token is queued when the pseudonymization key has its own secret', async () => {
    await start(platform, { secret: null, environment: { PSEUDONYM_KEY_SECRET_ID: 'the-key' } });
    service.secretsManager.put('the-key', 'a-key-of-pseudonyms');
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(kept()).toHaveLength(1);
    expect(metricValues(service.printed(), 'CauseTokenUnavailable')).toEqual([1]);
  });

  test('responds with 503 when the outbox does not accept the request', async () => {
    await start(platform, { environment: QUEUED });
    service.secretsManager.put('the-key', 'a-key-of-pseudonyms');
    sqs.fault({ kind: 'error' });
    expect((await service.recover(KNOWN)).status).toBe(503);
  });
});
