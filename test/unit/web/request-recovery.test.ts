import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningServer, readBody, startHttpServer } from '../../../local/http-server.ts';
import { requestRecovery } from '../../../web/recover-user-form/request-recovery.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let endpoint: RunningServer;
let answer: Answer;
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
    // whoever follows a redirect gets there
    if (request.url === '/elsewhere') return void response.writeHead(202).end();
    response.writeHead(answer.status, answer.headers).end(answer.body);
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
  test('is a POST of JSON with the address, and with the token where there is one', async () => {
    answer = { status: 202 };
    await request();
    await request('token');
    expect(received.map(({ body }) => body)).toEqual([
      { email: 'jane@example.com' },
      { email: 'jane@example.com', captchaToken: 'token' },
    ]);
    expect(received[0]?.method).toBe('POST');
    expect(received[0]?.headers['content-type']).toBe('application/json');
  });

  test.each<[string, Answer, object]>([
    ['202', { status: 202, body: '{}' }, { kind: 'accepted' }],
    ['422 for the address', { status: 422, body: problem('#/email') }, { kind: 'invalid-address' }],
    ['422 for the token', { status: 422, body: problem('#/captchaToken') }, { kind: 'captcha-failed' }],
    ['422 that is not JSON', { status: 422, body: '<html>' }, { kind: 'invalid-address' }],
    ['422 without errors', { status: 422, body: 'null' }, { kind: 'invalid-address' }],
    ['400', { status: 400, body: '{"errors":[null,1]}' }, { kind: 'invalid-address' }],
    ['500', { status: 500, headers: { 'X-Request-Id': 'id-1' } }, { kind: 'failed', requestId: 'id-1' }],
    ['413', { status: 413 }, { kind: 'failed', requestId: undefined }],
    ['200, which is not what was agreed', { status: 200 }, { kind: 'failed', requestId: undefined }],
    ['a redirect', { status: 307, headers: { Location: '/elsewhere' } }, { kind: 'offline' }],
  ])('answered with %s is told apart', async (_name, given, expected) => {
    answer = given;
    expect(await request()).toEqual(expected);
  });

  test.each([
    ['7', 7],
    ['0', 1],
    ['999999', 3600],
    ['', 30],
    ['soon', 30],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1],
  ])('that is to wait, by Retry-After %j, waits %i seconds', async (retryAfter, seconds) => {
    answer = { status: 429, headers: { 'Retry-After': retryAfter } };
    expect(await request()).toEqual({ kind: 'too-many-requests', retryAfterSeconds: seconds });
    answer = { ...answer, status: 503 };
    expect(await request()).toEqual({ kind: 'unavailable', retryAfterSeconds: seconds });
  });

  test('without an answer is offline', async () => {
    await endpoint.close();
    expect(await request()).toEqual({ kind: 'offline' });
  });

  test('that nobody waits for any more is given up', async () => {
    answer = { status: 202 };
    const body = { email: 'jane@example.com' };
    expect(await requestRecovery(endpoint.url, body, AbortSignal.abort())).toEqual({ kind: 'offline' });
    expect(received).toEqual([]);
  });
});
