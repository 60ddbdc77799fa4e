import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ATTEMPTS_TABLE_NAME, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import {
  type RequestHandler,
  type RunningServer,
  sendJson,
  startHttpServer,
} from '../../../local/http-server.ts';
import { setAwsEndpoints } from '../emulated-aws.ts';
import { metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';

/** How a call to AWS may fail, over the wire. */
const FAULTS: [string, RequestHandler][] = [
  ['responds with HTML', (_request, response) => void response.end('<html>not what you think</html>')],
  ['throttles', (_request, response) => sendJson(response, 400, { __type: 'ThrottlingException' })],
  ['denies', (_request, response) => sendJson(response, 400, { __type: 'AccessDeniedException' })],
  ['fails', (_request, response) => sendJson(response, 500, { __type: 'InternalServerError' })],
  ['cuts the connection', (request) => void request.socket.resetAndDestroy()],
  ['hangs', () => new Promise(() => undefined)],
];

process.env['AWS_MAX_ATTEMPTS'] = '1';

let faulty: RunningServer;
let service: RecoveryService;
afterEach(async () => {
  await service.close();
  await faulty.close();
});

/** Resets the connection of the first such call, like one that turned stale while Lambda was frozen. */
function cutsOnce(target: string, respond: RequestHandler): RequestHandler {
  let isCut = false;
  return (request, response, ...rest) => {
    if (isCut || !String(request.headers['x-amz-target']).endsWith(target)) {
      return respond(request, response, ...rest);
    }
    isCut = true;
    request.socket.resetAndDestroy();
  };
}

describe('a stale connection to AWS', () => {
  test('to DynamoDB is replaced, without a fallback to memory', async () => {
    const dynamoDb = await startDynamoDb();
    const forward: RequestHandler = async (request, response) => {
      const forwarded = await fetch(dynamoDb.url, {
        method: 'POST',
        headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        body: await text(request),
      });
      response.writeHead(forwarded.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(await forwarded.text());
    };
    let calls = 0;
    // the warm-up is the first call
    const cut = cutsOnce('UpdateItem', forward);
    faulty = await startHttpServer((...call) => (++calls === 1 ? forward(...call) : cut(...call)));
    setAwsEndpoints({ DYNAMODB: faulty.url });
    service = await startRecoveryService({
      environment: { ATTEMPTS_TABLE_NAME, MAILBOX_COOLDOWN_SECONDS: '60' },
      timing: { rateLimiterTimeoutMs: 2000 },
    });
    for (let request = 0; request < 2; request++) {
      expect((await service.recover('jane@example.com')).status).toBe(202);
    }
    await dynamoDb.close();
    expect(service.tenant.mails).toHaveLength(1);
    expect(calls).toBeGreaterThanOrEqual(4);
    expect(metricValues(service.printed(), 'RateLimiterFallback')).toEqual([]);
  });

  test('to EventBridge is replaced, and the event is published', async () => {
    faulty = await startHttpServer(
      cutsOnce('PutEvents', (_request, response) => sendJson(response, 200, { FailedEntryCount: 0 })),
    );
    setAwsEndpoints({ EVENTBRIDGE: faulty.url });
    service = await startRecoveryService({
      environment: { EVENT_BUS_NAME: 'the-bus' },
      timing: { eventMs: 2000 },
    });
    expect((await service.recover('jane@example.com')).status).toBe(202);
    expect(metricValues(service.printed(), 'EventFailed')).toEqual([]);
  });
});

describe.each(FAULTS)('while AWS %s', (_what, respond) => {
  const timing = { rateLimiterTimeoutMs: 50, eventMs: 50, awsRequestTimeoutMs: 50, warmUpMs: 50 };

  test('a request falls back to the in-memory rate limiter', async () => {
    faulty = await startHttpServer(respond);
    setAwsEndpoints({ DYNAMODB: faulty.url });
    service = await startRecoveryService({
      environment: { ATTEMPTS_TABLE_NAME: 'attempts', MAILBOX_COOLDOWN_SECONDS: '60' },
      timing,
    });
    for (let request = 0; request < 2; request++) {
      expect((await service.recover('jane@example.com')).status).toBe(202);
    }
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'RateLimiterFallback')).toEqual([1, 1]);
  });

  test('a request is forwarded, and its event goes to the log of the function', async () => {
    faulty = await startHttpServer(respond);
    setAwsEndpoints({ EVENTBRIDGE: faulty.url });
    service = await startRecoveryService({ environment: { EVENT_BUS_NAME: 'the-bus' }, timing });
    expect((await service.recover('jane@example.com')).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'EventFailed')).toEqual([1]);
  });
});
