import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ACCEPTED_BODY, problemDocument } from '../../../functions/recover-user/http/contract.ts';
import type { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import type { TenantFault } from '../../../local/tenant/tenant-controls.ts';
import { API_TOKEN, metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';

let service: RecoveryService;
let upstream: Server | undefined;
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  upstream?.close();
  upstream = undefined;
  await service.close();
});

const KNOWN = 'jane@example.com';

async function start(options?: Parameters<typeof startRecoveryService>[0]) {
  service = await startRecoveryService(options);
}

/** Starts with this upstream in place of the tenant. */
async function startBefore(respond: RequestListener | Server, timing?: Partial<typeof TIMEOUTS>) {
  upstream = typeof respond === 'function' ? createServer(respond) : respond;
  upstream.on('connection', (socket: Socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port }: Pick<AddressInfo, 'port'> = Object(upstream.address());
  const environment = { BEYOND_IDENTITY_API_URL: `http://127.0.0.1:${port}` };
  await start({ environment, ...(timing && { timing }) });
}

async function expectUnavailable(response: Response) {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('30');
  expect(problemDocument.parse(await response.json()).status).toBe(503);
}

describe('while Beyond Identity fails for a while', () => {
  test.each<TenantFault>([
    { kind: '500', times: 3 },
    { kind: '429', times: 3 },
    { kind: '429', retryAfterSeconds: 0, times: 3 },
    { kind: 'reset', times: 3 },
  ])('a request is retried until it succeeds, with one email (%j)', async (fault) => {
    await start();
    service.tenant.fault(fault);
    const response = await service.recover(KNOWN);
    expect(response.status).toBe(202);
    expect(await response.text()).toBe(ACCEPTED_BODY);
    expect(service.tenant.mails).toHaveLength(1);
    expect(service.tenant.requests).toHaveLength(4);
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('a request is tried again after a %i', async (status) => {
    await expectCalls(status, 2);
  });

  test.each([400, 404, 409, 410, 422])(
    'a request is tried once after a %i, which is about the user, with the usual response',
    async (status) => {
      await expectCalls(status, 1);
    },
  );

  async function expectCalls(status: number, calls: number) {
    const statuses: number[] = [];
    await startBefore((_request, response) => {
      statuses.push(statuses.length === 0 ? status : 200);
      response.writeHead(statuses.at(-1) ?? 0).end('{"internal_id":"1"}');
    });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(statuses).toHaveLength(calls);
  }

  test('a request is repeated without a pause when the kept connection was closed', async () => {
    await start({ timing: { firstRetryPauseMs: 60_000, longestRetryPauseMs: 60_000 } });
    await service.recover(KNOWN);
    service.tenant.fault({ kind: 'reset', times: 1 });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(2);
  });
});

describe('while Beyond Identity rejects every call', () => {
  test.each([
    [405, '{"message":"no"}'],
    [413, '{"message":"no"}'],
    [451, '{"message":"no"}'],
    [404, '<html>Not Found</html>'],
  ])('with %i %s, requests are a 503 without an outbox, and count as misconfigured', async (status, body) => {
    await startBefore((_request, response) => response.writeHead(status).end(body));
    for (const email of [KNOWN, 'nobody@example.com']) await expectUnavailable(await service.recover(email));
    expect(metricValues(service.printed(), 'CauseMisconfigured')).toEqual([1, 1]);
    expect(metricValues(service.printed(), 'Misconfigured')).toEqual([1, 1]);
    expect(metricValues(service.printed(), 'NotRecoverable')).toEqual([]);
  });
});

describe('while a proxy forbids one address', () => {
  test('requests for it are not recoverable, and the API token stays in use', async () => {
    await startBefore(async (request, response) => {
      const isDisliked = (await text(request)).includes(`"external_id":"o'hara@`);
      response.writeHead(isDisliked ? 403 : 404).end('{"message":"no"}');
    });
    for (let index = 0; index < 10; index++) {
      expect((await service.recover(`o'hara@example${index}.com`)).status).toBe(202);
    }
    expect(metricValues(service.printed(), 'NotRecoverable')).toHaveLength(10);
    expect(metricValues(service.printed(), 'ForbiddenUser')).toHaveLength(10);
    expect(metricValues(service.printed(), 'CauseTokenRefused')).toEqual([]);
    expect(service.secretsManager.requests).toHaveLength(1);
  });
});

describe('while the upstream does not speak HTTP/1.1 as expected', () => {
  test('requests are a 503 on 101 Switching Protocols, and the circuit breaker still probes', async () => {
    let rawResponse = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const peer = createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(rawResponse));
    });
    await startBefore(peer, { probeAfterMs: 0 });
    for (let index = 0; index < 8; index++) {
      await expectUnavailable(await service.recover(`user${index}@example.com`));
    }
    rawResponse = 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}';
    expect((await service.recover(KNOWN)).status).toBe(202);
  });
});

describe('while Beyond Identity fails until the deadline', () => {
  test.each<TenantFault>([
    { kind: '500' },
    { kind: '429', retryAfterSeconds: 3600 },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'slow', delayMs: 60_000 },
  ])('requests for a known and an unknown address are a 503 (%j)', async (fault) => {
    await start({ timing: { workMs: 100 } });
    service.tenant.fault(fault);
    for (const email of [KNOWN, 'nobody@example.com']) await expectUnavailable(await service.recover(email));
    expect(metricValues(service.printed(), 'UpstreamFailed')).toEqual([1, 1]);
    expect(metricValues(service.printed(), 'CauseUpstreamFailed')).toEqual([1, 1]);
    service.tenant.heal();
    expect((await service.recover(KNOWN)).status).toBe(202);
  });

  test('a success whose body never ends counts as forwarded, once', async () => {
    const calls: string[] = [];
    await startBefore((request, response) => {
      calls.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(calls).toHaveLength(1);
    expect(metricValues(service.printed(), 'Forwarded')).toEqual([1]);
  });

  test('requests are a 503 when the connection is refused', async () => {
    await start({
      environment: { BEYOND_IDENTITY_API_URL: 'http://127.0.0.1:9' },
      timing: { workMs: 50 },
    });
    await expectUnavailable(await service.recover(KNOWN));
  });

  test('requests are a 503 before Lambda times out', async () => {
    await start({ timing: { workMs: 60_000, lambdaTimeoutMarginMs: 400 }, timeoutMs: 500 });
    service.tenant.fault({ kind: 'hang' });
    await expectUnavailable(await service.recover(KNOWN));
  });
});

describe('an unexpected response of Beyond Identity', () => {
  test('counts as a success when it is a 200 without JSON, and is logged', async () => {
    await start();
    service.tenant.fault({ kind: 'not-json' });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.printed()).toContain('check BEYOND_IDENTITY_API_URL');
    expect(service.printed()).not.toContain('maintenance');
  });
});

describe('the API token', () => {
  test('is read again when it was rotated, and the request succeeds', async () => {
    await start();
    await service.recover(KNOWN);
    service.tenant.rotateToken('new_token');
    service.secretsManager.put('the-secret', '{"API_TOKEN":"new_token"}');
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(2);
    expect(service.secretsManager.requests).toHaveLength(2);
  });

  test('leads to a 503 for every address, and a metric, when it stays rejected', async () => {
    await start();
    service.tenant.rotateToken('unknown_here');
    for (const email of [KNOWN, 'nobody@example.com']) await expectUnavailable(await service.recover(email));
    expect(metricValues(service.printed(), 'TokenRefused')).toEqual([1, 1]);
  });

  test.each([null, '', '{"API_TOKEN":""}', '{"OTHER":"x"}'])(
    'leads to a 503, with the secret in the log, until the secret %j is fixed',
    async (secret) => {
      await start({ secret: secret === '' ? ' ' : secret });
      await expectUnavailable(await service.recover(KNOWN));
      expect(metricValues(service.printed(), 'TokenUnavailable')).toEqual([1]);
      expect(service.printed()).toContain('secret the-secret: ');
      service.secretsManager.put('the-secret', API_TOKEN);
      expect((await service.recover(KNOWN)).status).toBe(202);
    },
  );

  test.each(['error', 'access-denied', 'throttled', 'reset'] as const)(
    'is read by the next request when Secrets Manager failed at the start: %s',
    async (kind) => {
      service = await startRecoveryService({ secret: null });
      service.secretsManager.fault({ kind });
      await expectUnavailable(await service.recover(KNOWN));
      service.secretsManager.heal();
      service.secretsManager.put('the-secret', API_TOKEN);
      expect((await service.recover(KNOWN)).status).toBe(202);
    },
  );

  test('leads to a 503 at its timeout when Secrets Manager hangs', async () => {
    await start({ secret: null, timing: { secretsManagerRequestTimeoutMs: 50 } });
    service.secretsManager.fault({ kind: 'hang' });
    await expectUnavailable(await service.recover(KNOWN));
  });

  test('stays in use after its time to live while Secrets Manager is down', async () => {
    await start({ timing: { secretTimeToLiveMs: 0 } });
    service.secretsManager.fault({ kind: 'error' });
    for (let request = 0; request < 3; request++) expect((await service.recover(KNOWN)).status).toBe(202);
  });
});

test('the output contains no token and no address, whatever fails', async () => {
  await start({ timing: { workMs: 100 } });
  for (const kind of ['500', '429', 'reset', 'hang', 'not-json'] as const) {
    service.tenant.fault({ kind });
    await service.recover(KNOWN);
  }
  service.tenant.heal();
  await service.post('{"email":"jane@example.com"');
  await service.recover('jane@example.com, john@example.com');
  service.tenant.rotateToken('other');
  await service.recover(KNOWN);
  expect(service.printed().split('\n').length).toBeGreaterThan(5);
  expect(service.printed()).not.toMatch(/jane|john|example\.com|tok_A1b2C3|other/);
});
