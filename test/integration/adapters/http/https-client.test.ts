import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import {
  createHttpsClient,
  type HttpsRequest,
  MAXIMUM_RESPONSE_BYTES,
  RequestFailed,
} from '../../../../functions/adapters/http/https-client.ts';

const TO_ROOT: HttpsRequest = { method: 'POST', path: '/', headers: {}, body: '' };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(created: Server): Promise<number> {
  server = created.listen(0, '127.0.0.1');
  await once(created, 'listening');
  const { port }: Pick<AddressInfo, 'port'> = Object(created.address());
  return port;
}

async function sendTo(respond: RequestListener, path = '') {
  const port = await listen(createServer(respond));
  const send = createHttpsClient(new URL(`http://127.0.0.1:${port}${path}`));
  return (signal = new AbortController().signal) =>
    send({ method: 'POST', path: '/path', headers: { 'x-test': '1' }, body: '{"ü":1}' }, signal);
}

describe('an HTTPS client', () => {
  test('sends the request, and resolves with the response', async () => {
    const received: unknown[] = [];
    const send = await sendTo(async (request, response) => {
      received.push(
        request.method,
        request.url,
        request.headers['x-test'],
        request.headers['content-length'],
      );
      response.writeHead(201, { 'retry-after': '7' }).end('body');
    }, '/base/');
    const response = await send();
    expect(response).toMatchObject({ status: 201, body: 'body', headers: { 'retry-after': '7' } });
    expect(received).toEqual(['POST', '/base/path', '1', '8']);
  });

  test('sends a GET without a body, and its query as it is', async () => {
    const received: unknown[] = [];
    const port = await listen(
      createServer((request, response) => {
        received.push(request.method, request.url, request.headers['content-length']);
        response.end('{}');
      }),
    );
    const send = createHttpsClient(new URL(`http://127.0.0.1:${port}`));
    await send({ method: 'GET', path: '/x?a=%20%2B', headers: {} }, new AbortController().signal);
    expect(received).toEqual(['GET', '/x?a=%20%2B', undefined]);
  });

  test('uses the connection that it opened early, and keeps it', async () => {
    const port = await listen(createServer((_request, response) => response.end()));
    let connections = 0;
    const connected = new Promise<void>((resolve) => {
      server?.on('connection', () => {
        connections++;
        resolve();
      });
    });
    const send = createHttpsClient(new URL(`http://127.0.0.1:${port}`));
    await connected;
    for (let call = 0; call < 3; call++) await send(TO_ROOT, new AbortController().signal);
    expect(connections).toBe(1);
  });

  test('opens another connection when the early one was closed unused', async () => {
    const port = await listen(createServer((_request, response) => response.end('body')));
    const closed = new Promise<void>((resolve) => {
      server?.once('connection', (socket) => {
        socket.resetAndDestroy();
        socket.once('close', () => resolve(setImmediate()));
      });
    });
    const send = createHttpsClient(new URL(`http://127.0.0.1:${port}`));
    await closed;
    await expect(send(TO_ROOT, new AbortController().signal)).resolves.toMatchObject({ body: 'body' });
  });

  test('does not follow redirects', async () => {
    const urls: (string | undefined)[] = [];
    const send = await sendTo((request, response) => {
      urls.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await send()).status).toBe(307);
    expect(urls).toEqual(['/path']);
  });

  test('reads a body up to the cap, and no byte beyond it', async () => {
    let bytes = MAXIMUM_RESPONSE_BYTES;
    const send = await sendTo((_request, response) => response.end('x'.repeat(bytes)));
    expect((await send()).body).toHaveLength(MAXIMUM_RESPONSE_BYTES);
    bytes += 1;
    expect(await send()).toMatchObject({ status: 200, body: undefined });
  });

  test('stops reading an endless body at the cap', async () => {
    const send = await sendTo((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    expect(await send()).toMatchObject({ status: 200, body: undefined });
  });

  test('resolves with the status when the body breaks off', async () => {
    const send = await sendTo((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await send()).toMatchObject({ status: 200, body: undefined });
  });

  test('resolves with the status when the signal aborts during the body', async () => {
    const aborted = new AbortController();
    const send = await sendTo((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', async () => {
        // turns of the event loop, in which the client reads what is there
        for (let turn = 0; turn < 20; turn++) await setImmediate();
        aborted.abort();
      });
    });
    expect(await send(aborted.signal)).toMatchObject({ status: 200, body: undefined });
  });

  test('rejects when the signal aborts before the response', async () => {
    const aborted = new AbortController();
    const send = await sendTo(() => aborted.abort());
    await expect(send(aborted.signal)).rejects.toThrow(RequestFailed);
  });

  test('sends no request when the signal has already aborted', async () => {
    let calls = 0;
    const send = await sendTo(() => calls++);
    await expect(send(AbortSignal.abort())).rejects.toThrow(RequestFailed);
    expect(calls).toBe(0);
  });

  test('distinguishes a stale connection from one that broke', async () => {
    let calls = 0;
    const send = await sendTo((request, response) => {
      if (++calls === 1) response.end();
      else request.socket.resetAndDestroy();
    });
    await send();
    await expect(send()).rejects.toMatchObject({ staleConnection: true });
    await expect(send()).rejects.toMatchObject({ staleConnection: false });
  });

  test('rejects with an error that contains nothing of the request', async () => {
    const send = await sendTo((request) => request.socket.resetAndDestroy());
    await expect(send()).rejects.toThrow(/^no response \(ECONNRESET\)$/);
  });
});

describe('TLS of an HTTPS client', () => {
  test('verifies certificates, even where the environment disables that', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const port = await listen(
      createSecureServer({ key, cert }, (_request, response) => response.end('secret taken')),
    );
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const send = createHttpsClient(new URL(`https://localhost:${port}`));
      await expect(
        send({ ...TO_ROOT, headers: { authorization: 'Bearer x' } }, new AbortController().signal),
      ).rejects.toThrow(/^no response \((DEPTH_ZERO_SELF_SIGNED_CERT|ECONNREFUSED)\)$/);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});
