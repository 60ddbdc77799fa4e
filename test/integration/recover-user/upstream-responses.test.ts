import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';
import { expectUnavailable } from './responses.ts';

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

/** Starts with this upstream in place of the tenant. */
async function startBefore(respond: RequestListener | Server, timing?: Partial<typeof TIMEOUTS>) {
  upstream = typeof respond === 'function' ? createServer(respond) : respond;
  upstream.on('connection', (socket: Socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port }: Pick<AddressInfo, 'port'> = Object(upstream.address());
  const environment = { BEYOND_IDENTITY_API_URL: `http://127.0.0.1:${port}` };
  service = await startRecoveryService({ environment, ...(timing && { timing }) });
}

describe('a response of Beyond Identity', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])(
    'with status %i is followed by another try',
    async (status) => {
      await expectCalls(status, 2);
    },
  );

  test.each([400, 404, 409, 410, 422])(
    'with status %i is about the user: no other try, and the usual response',
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

  test('with status 200 and no user counts as forwarded, with a warning', async () => {
    await startBefore((_request, response) => response.end('{}'));
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.printed()).toContain('2xx response without a user; check BEYOND_IDENTITY_API_URL');
  });

  test('with a body that never ends counts as forwarded, once', async () => {
    const calls: string[] = [];
    await startBefore((request, response) => {
      calls.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(calls).toHaveLength(1);
    expect(metricValues(service.printed(), 'Forwarded')).toEqual([1]);
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

describe('a 200 without JSON', () => {
  test('counts as forwarded, and is logged', async () => {
    service = await startRecoveryService();
    service.tenant.fault({ kind: 'not-json' });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.printed()).toContain('check BEYOND_IDENTITY_API_URL');
    expect(service.printed()).not.toContain('maintenance');
  });
});
