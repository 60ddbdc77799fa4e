import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { RESPONSE_HEADERS } from '../../../functions/recover-user/http/contract.ts';
import { type GatewayOptions, startGateway } from '../../../local/emulators/gateway.ts';
import type { RunningServer } from '../../../local/http-server.ts';

const ORIGIN = 'https://www.example.com';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let gateway: RunningServer;
let invocations: { event: APIGatewayProxyEvent; context: Context }[];

async function start(result: object = { statusCode: 204, body: '' }, options: Partial<GatewayOptions> = {}) {
  invocations = [];
  gateway = await startGateway({
    isAllowedOrigin: (origin) => origin === ORIGIN,
    handler: async (event, context) => {
      invocations.push({ event, context });
      // through JSON, as Lambda returns a result; tests pass malformed ones too
      const response: APIGatewayProxyResult = JSON.parse(JSON.stringify(result));
      return response;
    },
    ...options,
  });
}

function post(body: string, headers: Record<string, string> = {}) {
  return fetch(`${gateway.url}/recover-user`, { method: 'POST', body, headers });
}

afterEach(() => gateway.close());

describe('the proxy event', () => {
  test('matches that of API Gateway REST', async () => {
    await start();
    const request = httpRequest(`${gateway.url}/recover-user?a=1&a=2&b=`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'test',
        'X-MiXed': ['one', 'two'],
        'X-Forwarded-For': '203.0.113.9',
        'x-forwarded-proto': 'gopher',
        Connection: 'close',
      },
    });
    request.end('{"email":"jane@example.com"}');
    const [response]: IncomingMessage[] = await once(request, 'response');
    response?.resume();

    const host = new URL(gateway.url).host;
    const port = new URL(gateway.url).port;
    const multiValueHeaders = {
      'Content-Type': ['application/json'],
      'User-Agent': ['test'],
      'X-MiXed': ['one', 'two'],
      Host: [host],
      'X-Forwarded-For': ['203.0.113.9, 127.0.0.1'],
      'X-Forwarded-Port': [port],
      'X-Forwarded-Proto': ['http'],
    };
    expect(invocations[0]?.event).toEqual({
      resource: '/recover-user',
      path: '/recover-user',
      httpMethod: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'test',
        'X-MiXed': 'two',
        Host: host,
        'X-Forwarded-For': '203.0.113.9, 127.0.0.1',
        'X-Forwarded-Port': port,
        'X-Forwarded-Proto': 'http',
      },
      multiValueHeaders,
      queryStringParameters: { a: '2', b: '' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: [''] },
      pathParameters: null,
      stageVariables: null,
      requestContext: expect.objectContaining({
        httpMethod: 'POST',
        path: '/local/recover-user',
        resourcePath: '/recover-user',
        stage: 'local',
        protocol: 'HTTP/1.1',
        requestId: expect.stringMatching(UUID),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'test', user: null }),
      }),
      body: '{"email":"jane@example.com"}',
      isBase64Encoded: false,
    });
  });

  test('has null for a missing query and a missing body', async () => {
    await start();
    await fetch(`${gateway.url}/recover-user`, { method: 'OPTIONS' });
    expect(invocations[0]?.event).toMatchObject({
      httpMethod: 'OPTIONS',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      body: null,
    });
  });

  test('comes with a Lambda context', async () => {
    await start(undefined, { timeoutMs: 60_000 });
    await post('{}');
    const context = invocations[0]?.context;
    expect(context?.awsRequestId).toMatch(UUID);
    expect(context?.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(context?.getRemainingTimeInMillis()).toBeLessThanOrEqual(60_000);
  });
});

describe('the response', () => {
  test('has the status, headers and body that the handler returned', async () => {
    await start({
      statusCode: 202,
      headers: { 'Content-Type': 'text/plain', 'X-Number': 1, 'X-Flag': true },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'grüezi',
    });
    const response = await post('{}');
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-number')).toBe('1');
    expect(response.headers.get('x-flag')).toBe('true');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('grüezi');
  });

  test('has a body decoded from Base64', async () => {
    await start({ statusCode: 200, body: 'aGk=', isBase64Encoded: true });
    expect(await (await post('{}')).text()).toBe('hi');
  });

  test('comes from a page when one has the path', async () => {
    await start(undefined, { pages: { '/mailbox': (_, response) => void response.end('mails') } });
    expect(await (await fetch(`${gateway.url}/mailbox?x`)).text()).toBe('mails');
  });
});

test('a page receives the body of the request, up to the limit', async () => {
  await start(undefined, { pages: { '/page': (_, response, body) => void response.end(`got ${body}`) } });
  const response = await fetch(`${gateway.url}/page`, { method: 'PUT', body: 'this' });
  expect(await response.text()).toBe('got this');
  const tooMuch = 'x'.repeat(10 * 1024 * 1024 + 1);
  expect((await fetch(`${gateway.url}/page`, { method: 'PUT', body: tooMuch })).status).toBe(413);
});

describe('an error response', () => {
  async function expectProblem(response: Response, status: number, title: string) {
    const requestId = response.headers.get('x-request-id');
    expect(requestId).toMatch(UUID);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    for (const [name, value] of Object.entries(RESPONSE_HEADERS))
      expect(response.headers.get(name)).toBe(value);
    expect(response.headers.get('vary')).toBe('Origin');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title,
      status,
      detail: expect.stringMatching(/\.$/),
      instance: `urn:uuid:${requestId}`,
    });
  }

  test.each(['/', '/recover-user/', '//', '/other?x=/recover-user'])(
    'is a 404 for the path %s',
    async (path) => {
      await start();
      await expectProblem(await fetch(gateway.url + path), 404, 'Not Found');
    },
  );

  test.each(['GET', 'PUT', 'DELETE'])('is a 405 for the method %s', async (method) => {
    await start();
    const response = await fetch(`${gateway.url}/recover-user`, { method });
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    await expectProblem(response, 405, 'Method Not Allowed');
  });

  test('is a 413 for a body over 10 MiB', async () => {
    await start();
    const response = await post('x'.repeat(10 * 1024 * 1024 + 1));
    await expectProblem(response, 413, 'Payload Too Large');
    expect(invocations).toEqual([]);
  });

  test.each([
    ['no status', { body: '' }],
    ['a status that is text', { statusCode: '200', body: '' }],
    ['a body that is not text', { statusCode: 200, body: {} }],
    ['a key that is not known', { statusCode: 200, body: '', cookies: [] }],
    ['a header that cannot be sent', { statusCode: 200, headers: { 'X-Early': '1', 'X-Line': 'a\nb' } }],
  ])('is a 502 for a result with %s', async (_, result) => {
    await start(result);
    const response = await post('{}');
    expect(response.headers.get('x-early')).toBeNull();
    await expectProblem(response, 502, 'Bad Gateway');
  });

  test('is a 502 for a handler that throws, whose reason goes only to onFailure', async () => {
    const failure = new Error('secret reason');
    const failures: unknown[] = [];
    await start(undefined, {
      handler: () => Promise.reject(failure),
      onFailure: (error) => failures.push(error),
    });
    await expectProblem(await post('{}'), 502, 'Bad Gateway');
    expect(failures).toEqual([failure]);
  });

  test('is a 502 for a handler that times out', async () => {
    await start(undefined, { handler: () => new Promise(() => {}), timeoutMs: 1 });
    await expectProblem(await post('{}'), 502, 'Bad Gateway');
  });

  test.each([
    [ORIGIN, ORIGIN],
    ['https://evil.example', null],
  ])('is readable only for a page of an allowed origin (%s)', async (origin, allowed) => {
    await start();
    const response = await fetch(gateway.url, { headers: { origin } });
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
  });
});

test('returns 404 for a raw target that is not a URL', async () => {
  await start();
  const request = httpRequest({ port: new URL(gateway.url).port, host: '127.0.0.1', path: '//[?%' });
  request.end();
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('There was no response.');
  expect(response.statusCode).toBe(404);
  expect(JSON.parse(await text(response))).toMatchObject({ status: 404 });
});
