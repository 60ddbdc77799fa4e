import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { createHandler } from '../../../functions/recover-user/handler.ts';
import { ACCEPTED_BODY, problemDocument } from '../../../functions/recover-user/http/contract.ts';
import { API_TOKEN, metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

let service: RecoveryService;
let handler: Handler;

beforeAll(async () => {
  service = await startRecoveryService();
  Object.assign(process.env, {
    API_TOKEN_SECRET_ID: 'the-secret',
    BEYOND_IDENTITY_API_URL: service.tenant.url,
    RESPONSE_TIME_MS: '0',
    MAILBOX_COOLDOWN_SECONDS: '0',
    MAILBOX_ATTEMPTS_PER_DAY: '20',
  });
  ({ handler } = await import('../../../functions/recover-user/index.ts'));
});
afterAll(() => service.close());

const REQUEST_ID = '8d7e2a0c-1111-4222-8333-444455556666';

/** What API Gateway sends; anything can be replaced, also by what it would never send. */
function invoke(replaced: object = {}, context: Partial<Context> = {}): Promise<APIGatewayProxyResult> {
  const event = {
    resource: '/recover-user',
    path: '/recover-user',
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json' },
    multiValueHeaders: { 'Content-Type': ['application/json'] },
    queryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: { requestId: REQUEST_ID, identity: { sourceIp: '192.0.2.7' } },
    body: '{"email":"jane@example.com"}',
    isBase64Encoded: false,
  };
  return Reflect.apply(handler, undefined, [
    Object.defineProperties(event, Object.getOwnPropertyDescriptors(replaced)),
    { awsRequestId: 'lambda-request-id', ...context },
  ]);
}

function problemOf({ body }: APIGatewayProxyResult) {
  return problemDocument.parse(JSON.parse(body));
}

describe('the entry', () => {
  test('answers an event of API Gateway', async () => {
    const answer = await invoke();
    expect(answer).toMatchObject({
      statusCode: 202,
      body: ACCEPTED_BODY,
      headers: { 'X-Request-Id': REQUEST_ID },
    });
  });

  test('reports a self-test to an event of its own', async () => {
    const { handler: entry } = await import('../../../functions/recover-user/index.ts');
    const context: Context = Object({});
    await expect(entry({ kind: 'self-test' }, context)).resolves.toMatchObject({ status: 'ok' });
  });

  test('does not start with a bad setting, and says which', async () => {
    await expect(createHandler({ BEYOND_IDENTITY_API_URL: 'nonsense' })).rejects.toThrow(
      /API_TOKEN_SECRET_ID is not set.*BEYOND_IDENTITY_API_URL must be/,
    );
  });

  test('takes a body in base64', async () => {
    const body = Buffer.from('{"email":"jane@example.com"}').toString('base64');
    expect((await invoke({ body, isBase64Encoded: true })).statusCode).toBe(202);
  });

  test('measures a body in base64 by what it holds', async () => {
    const padded = (bytes: number) =>
      Buffer.from('{"email":"jane@example.com"}'.padEnd(bytes)).toString('base64');
    expect((await invoke({ body: padded(4096), isBase64Encoded: true })).statusCode).toBe(202);
    expect((await invoke({ body: padded(4097), isBase64Encoded: true })).statusCode).toBe(413);
  });

  test('takes header names in any case, as HTTP does', async () => {
    expect((await invoke({ headers: { 'CONTENT-TYPE': 'application/json' } })).statusCode).toBe(202);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])('refuses %s: 405', async (httpMethod) => {
    const answer = await invoke({ httpMethod });
    expect(answer).toMatchObject({ statusCode: 405, headers: { Allow: 'POST' } });
    expect(problemOf(answer)).toMatchObject({ status: 405, detail: 'Use POST.' });
  });

  test.each([1, null, true, ['application/json'], { toString: 'x' }])(
    'a header value that is not text (%j): as if it were not there',
    async (value) => {
      const answer = await invoke({ headers: { 'Content-Type': value, origin: value, 'x-other': value } });
      expect(answer.statusCode).toBe(415);
      expect(problemOf(answer).status).toBe(415);
    },
  );

  test('a preflight with a header value that is not text: no CORS headers', async () => {
    const withOrigins = await createHandler({ ...process.env, ALLOWED_ORIGINS: 'https://app.example.com' });
    for (const origin of [1, null, ['https://app.example.com']]) {
      const event = { httpMethod: 'OPTIONS', headers: { origin }, requestContext: { requestId: REQUEST_ID } };
      const answer: APIGatewayProxyResult = await Reflect.apply(withOrigins, undefined, [event, {}]);
      expect(answer.statusCode).toBe(204);
      expect(answer.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    }
  });

  test.each([null, undefined, 'text', 7, []])(
    'an event that is none (%j): a problem document',
    async (event) => {
      const answer: APIGatewayProxyResult = await Reflect.apply(handler, undefined, [
        event,
        { awsRequestId: 'lambda-request-id' },
      ]);
      expect(answer.statusCode).toBe(400);
      expect(problemOf(answer).detail).toBe('Not an API Gateway proxy event.');
    },
  );

  test.each([
    ['application/x-www-form-urlencoded', 'email=jane%40example.com'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['text/plain', 'jane@example.com'],
    ['application/json', '{'],
    ['application/octet-stream', 'x'.repeat(10_000)],
    [undefined, null],
  ])('refuses PUT with 405 and not 415, 400 or 413 where the content type is %s', async (type, body) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    expect(await invoke({ httpMethod: 'PUT', headers, body })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'POST' },
    });
  });

  test.each([
    ['no body', { body: null }, 400],
    ['no headers', { headers: null }, 415],
    ['headers that are none', { headers: 'text' }, 400],
    ['no request context', { requestContext: undefined }, 400],
    ['a body that is no text', { body: { email: 'jane@example.com' } }, 400],
    ['no method', { httpMethod: undefined }, 400],
  ])('%s: a problem document', async (_what, replaced, status) => {
    const answer = await invoke(replaced);
    expect(answer.statusCode).toBe(status);
    expect(problemOf(answer).status).toBe(status);
  });

  test('falls back on the id of the invocation where the event has none', async () => {
    expect(problemOf(await invoke({ requestContext: undefined })).instance).toBe(
      'urn:uuid:lambda-request-id',
    );
  });

  test.each([
    ['an error', new TypeError('cannot read jane@example.com')],
    ['what is not even an error', 'jane@example.com'],
    [
      'an error with a status that nobody expects',
      Object.assign(new Error('jane@example.com'), { statusCode: 418 }),
    ],
    ['an error without a stack', Object.assign(new RangeError('jane@example.com'), { stack: undefined })],
  ])('%s inside: 500, which tells nothing, and a log that tells where', async (_what, thrown) => {
    const replaced = {
      headers: {
        get 'Content-Type'() {
          throw thrown;
        },
      },
    };
    const answer = await invoke(replaced);
    expect(answer.statusCode).toBe(500);
    expect(problemOf(answer).detail).toBe('Internal server error. Please try again later.');
    expect(answer.body).not.toContain('jane');
    expect(service.printed()).toContain('unexpected error');
    expect(service.printed()).not.toContain('jane');
    expect(metricValues(service.printed(), 'Failed').at(-1)).toBe(1);
  });

  test('logs where an error was thrown', () => {
    expect(service.printed()).toMatch(/"error":"TypeError","stack":\["at /);
  });

  test('keeps the token to itself', () => {
    expect(service.printed()).not.toContain(API_TOKEN);
  });
});
