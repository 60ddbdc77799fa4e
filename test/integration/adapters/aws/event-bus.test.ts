import { once } from 'node:events';
import { createServer } from 'node:http';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { baseUrl, sendJson } from '../../../../local/http-server.ts';
import { eventBus, publishedEvents, setAwsEndpoints, useEventBus } from '../../emulated-aws.ts';
import { metricValues, startRecoveryService } from '../../recovery-service.ts';

useEventBus();

const PSEUDONYM = expect.stringMatching(/^[\w-]{43}$/);
const UUID = expect.stringMatching(/^[\da-f-]{36}$/);

async function withService(
  use: (service: Awaited<ReturnType<typeof startRecoveryService>>) => Promise<void>,
  environment: Record<string, string> = { EVENT_BUS_NAME: 'the-bus' },
  eventMs = 2000,
) {
  const service = await startRecoveryService({
    environment: { MAILBOX_COOLDOWN_SECONDS: '60', STAGE: 'staging', ...environment },
    timing: { eventMs },
  });
  try {
    await use(service);
  } finally {
    await service.close();
  }
}

describe('the events of the endpoint', () => {
  test('say who requested recovery for which mailbox, by pseudonym, and the outcome', () =>
    withService(async ({ recover }) => {
      const ids: (string | null)[] = [];
      for (const email of ['jane@example.com', 'Jane@Example.com', 'nobody@example.com', 'no address']) {
        const response = await recover(email, { 'x-forwarded-for': '203.0.113.9' });
        ids.push(response.headers.get('x-request-id'));
      }
      const common = { version: 1, stage: 'staging', sourceIp: '127.0.0.1' };
      const details = publishedEvents().map(({ detail }) => detail);
      expect(details).toEqual([
        { ...common, requestId: ids[0], outcome: 'forwarded', mailbox: PSEUDONYM, attemptId: UUID },
        { ...common, requestId: ids[1], outcome: 'rate-limited', mailbox: PSEUDONYM },
        { ...common, requestId: ids[2], outcome: 'not-recoverable', mailbox: PSEUDONYM, attemptId: UUID },
        { ...common, requestId: ids[3], outcome: 'refused' },
      ]);
      expect(details[0]?.mailbox).toBe(details[1]?.mailbox);
      expect(details[2]?.mailbox).not.toBe(details[0]?.mailbox);
      expect(details[2]?.attemptId).not.toBe(details[0]?.attemptId);
    }));

  test('go to the configured bus, as the documented schema has them', () =>
    withService(async ({ recover }) => {
      await recover('jane@example.com');
      const event = { source: 'user-recovery', 'detail-type': 'Recovery Requested' };
      expect(eventBus.published).toEqual([{ bus: 'the-bus', event: expect.objectContaining(event) }]);
      // the schema drops what it does not name
      expect(publishedEvents()).toEqual(eventBus.published.map((published) => published.event));
    }));

  test('keep the client IP of the gateway when X-Forwarded-For is forged', () =>
    withService(async ({ recover, printed }) => {
      await recover('jane@example.com', {
        'x-forwarded-for': '203.0.113.9',
        'x-real-ip': '203.0.113.9',
        forwarded: 'for=203.0.113.9',
      });
      expect(JSON.stringify(publishedEvents())).toContain('"sourceIp":"127.0.0.1"');
      expect(JSON.stringify(publishedEvents())).not.toContain('203.0.113.9');
      expect(printed()).not.toContain('203.0.113.9');
    }));

  test('hold no address, even where the address is the reference and references are included', () =>
    withService(
      async ({ recover }) => {
        await recover('jane@example.com');
        await recover('nobody@example.com');
        expect(publishedEvents()).toHaveLength(2);
        expect(JSON.stringify(eventBus.published)).not.toMatch(/jane|example\.com/);
      },
      { EVENT_BUS_NAME: 'the-bus', INCLUDE_REFERENCE: 'true' },
    ));

  test('go to the log of the function without an event bus', () =>
    withService(async ({ recover, printed }) => {
      await recover('jane@example.com');
      expect(printed()).toMatch(
        /^\{"event":\{"detail-type":"Recovery Requested","detail":\{.*"sourceIp":"127.0.0.1","outcome":"forwarded".*\}\}\}$/m,
      );
      expect(eventBus.published).toEqual([]);
    }, {}));
});

describe('an event that cannot be published goes to the log of the function, with a metric,', () => {
  test.each(['ThrottlingException', 'AccessDeniedException', 'ResourceNotFoundException'])(
    'when EventBridge responds with %s',
    (name) =>
      withService(async ({ recover, tenant, printed }) => {
        eventBus.respondWith((_request, response) => sendJson(response, 400, { __type: name }));
        expect((await recover('jane@example.com')).status).toBe(202);
        expect(tenant.mails).toHaveLength(1);
        expect(printed()).toMatch(
          new RegExp(`"event not published".*"outcome":"forwarded".*"reason":"${name}"`),
        );
        expect(metricValues(printed(), 'EventFailed')).toEqual([1]);
      }),
  );

  test.each([
    [{ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }, 'InternalFailure'],
    [{ FailedEntryCount: 1, Entries: [{}] }, 'EventRejected'],
    [{}, 'EventRejected'],
  ])('when EventBridge takes the request and not the event: %j', (body, reason) =>
    withService(async ({ recover, printed }) => {
      eventBus.respondWith((_request, response) => sendJson(response, 200, body));
      expect((await recover('jane@example.com')).status).toBe(202);
      expect(printed()).toContain(`"reason":"${reason}"`);
      expect(metricValues(printed(), 'EventFailed')).toEqual([1]);
    }),
  );

  test('when EventBridge hangs, which delays no response beyond the timeout', () =>
    withService(
      async ({ recover, printed }) => {
        eventBus.respondWith(() => new Promise(() => undefined));
        expect((await recover('jane@example.com')).status).toBe(202);
        expect(printed()).toContain('"reason":"DeadlineExceeded"');
        expect(metricValues(printed(), 'EventFailed')).toEqual([1]);
      },
      { EVENT_BUS_NAME: 'the-bus' },
      100,
    ));

  test('when a non-Error value is thrown', () =>
    withService(async ({ recover, printed }) => {
      const mock = mockClient(EventBridgeClient);
      mock.on(PutEventsCommand).callsFake(() => Promise.reject('text'));
      expect((await recover('jane@example.com')).status).toBe(202);
      mock.restore();
      expect(printed()).toContain('"reason":"string"');
    }));
});

describe('the connection to EventBridge', () => {
  test('is open before the first event, which uses it, and takes no request', async () => {
    const connections: unknown[] = [];
    const requests: unknown[] = [];
    const host = createServer((request, response) => {
      requests.push(request);
      sendJson(response, 200, { FailedEntryCount: 0 });
    });
    host.on('connection', (connection) => connections.push(connection));
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    setAwsEndpoints({ EVENTBRIDGE: baseUrl('127.0.0.1', host.address()) });
    await withService(async ({ recover, printed }) => {
      expect([connections.length, requests.length]).toEqual([1, 0]);
      await recover('jane@example.com');
      expect([connections.length, requests.length]).toEqual([1, 1]);
      await recover('jane@example.com');
      expect([connections.length, requests.length]).toEqual([1, 2]);
      expect(metricValues(printed(), 'EventFailed')).toEqual([]);
    });
    host.closeAllConnections();
    host.close();
  });

  test.each(['https://127.0.0.1:9', 'https://127.0.0.1'])(
    'to %s, where nobody listens, keeps neither the service from starting nor the response from being sent',
    async (url) => {
      setAwsEndpoints({ EVENTBRIDGE: url });
      await withService(async ({ recover, printed }) => {
        expect((await recover('jane@example.com')).status).toBe(202);
        expect(metricValues(printed(), 'EventFailed')).toEqual([1]);
      });
    },
  );

  test('cannot be opened without credentials, which keeps the service from nothing else', async () => {
    const mock = mockClient(EventBridgeClient);
    mock.on(PutEventsCommand).rejects(new Error('no credentials'));
    await withService(async ({ recover }) => {
      expect((await recover('jane@example.com')).status).toBe(202);
    });
    mock.restore();
  });
});
