import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningServer, readBody, startHttpServer } from '../../../local/http-server.ts';
import { requestRecovery } from '../../../web/recover-user-form/request-recovery.ts';

interface FakeResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let endpoint: RunningServer;
let fakeResponse: FakeResponse;
let received: {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}[];

beforeEach(async () => {
  received = [];
  endpoint = await startHttpServer(async (request, response) => {
    const body: unknown = JSON.parse((await readBody(request, 4096)) ?? '');
    received.push({ method: request.method, headers: request.headers, body });
    // only a client that follows redirects requests this path
    if (request.url === '/elsewhere') return void response.writeHead(202).end();
    response.writeHead(fakeResponse.status, fakeResponse.headers).end(fakeResponse.body);
  });
});
afterEach(() => endpoint.close());

function request(captchaToken?: string) {
  const body = { email: 'jane@example.com', captchaToken };
  return requestRecovery(`${endpoint.url}/recover-user`, body, new AbortController().signal);
}

function problem(pointer: string): string {
  return JSON.stringify({ type: 'about:blank', status: 422, errors: [{ pointer, detail: 'x' }] });
}

describe('a recovery request', () => {
  test('is a POST of JSON with the address and, if present, the CAPTCHA token', async () => {
    fakeResponse = { status: 202 };
    await request();
    await request('token');
    expect(received.map(({ body }) => body)).toEqual([
      { email: 'jane@example.com' },
      { email: 'jane@example.com', captchaToken: 'token' },
    ]);
    expect(received[0]?.method).toBe('POST');
    expect(received[0]?.headers['content-type']).toBe('application/json');
  });

  test.each<[string, FakeResponse, object]>([
    ['202', { status: 202, body: '{}' }, { kind: 'accepted' }],
    ['422 for the address', { status: 422, body: problem('#/email') }, { kind: 'invalid-address' }],
    ['422 for the token', { status: 422, body: problem('#/captchaToken') }, { kind: 'captcha-failed' }],
    ['422 that is not JSON', { status: 422, body: '<html>' }, { kind: 'invalid-address' }],
    ['422 without errors', { status: 422, body: 'null' }, { kind: 'invalid-address' }],
    ['400', { status: 400, body: '{"errors":[null,1]}' }, { kind: 'invalid-address' }],
    ['500', { status: 500, headers: { 'X-Request-Id': 'id-1' } }, { kind: 'failed', requestId: 'id-1' }],
    ['413', { status: 413 }, { kind: 'failed', requestId: undefined }],
    ['an unexpected 200', { status: 200 }, { kind: 'failed', requestId: undefined }],
    ['a redirect', { status: 307, headers: { Location: '/elsewhere' } }, { kind: 'offline' }],
  ])('maps %s to a result', async (_name, response, expected) => {
    fakeResponse = response;
    expect(await request()).toEqual(expected);
  });

  test.each([
    ['7', 7],
    ['0', 1],
    ['999999', 3600],
    ['', 30],
    ['soon', 30],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1],
  ])('maps Retry-After %j to %i seconds', async (retryAfter, seconds) => {
    fakeResponse = { status: 429, headers: { 'Retry-After': retryAfter } };
    expect(await request()).toEqual({ kind: 'too-many-requests', retryAfterSeconds: seconds });
    fakeResponse = { ...fakeResponse, status: 503 };
    expect(await request()).toEqual({ kind: 'unavailable', retryAfterSeconds: seconds });
  });

  test('resolves with offline when the connection fails', async () => {
    await endpoint.close();
    expect(await request()).toEqual({ kind: 'offline' });
  });

  test('resolves with offline when the signal has aborted', async () => {
    fakeResponse = { status: 202 };
    const body = { email: 'jane@example.com' };
    expect(await requestRecovery(endpoint.url, body, AbortSignal.abort())).toEqual({ kind: 'offline' });
    expect(received).toEqual([]);
  });
});
