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

/** Invokes the handler with an event of API Gateway; `replaced` may make it invalid. */
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

describe('the handler', () => {
  test.each([
    ['text of a caller', { requestId: 'jane@example.com\r\nX-Injected: 1', identity: { sourceIp: 'jane@' } }],
    ['no text', { requestId: { id: 1 }, identity: { sourceIp: {} } }],
    ['nothing', { requestId: REQUEST_ID.slice(1), identity: null }],
  ])(
    'responds under the id of the invocation, without a client IP, when the gateway names them by %s',
    async (_what, requestContext) => {
      const before = service.printed().length;
      const response = await invoke({ requestContext });
      expect(response.headers).toMatchObject({ 'X-Request-Id': 'lambda-request-id' });
      const printed = service.printed().slice(before);
      expect(printed).toContain('"requestId":"lambda-request-id"');
      expect(printed).not.toMatch(/sourceIp|X-Injected/);
    },
  );

  test('responds to an event of API Gateway', async () => {
    const response = await invoke();
    expect(response).toMatchObject({
      statusCode: 202,
      body: ACCEPTED_BODY,
      headers: { 'X-Request-Id': REQUEST_ID },
    });
  });

  test('reports a self-test for the self-test event', async () => {
    const { handler: entry } = await import('../../../functions/recover-user/index.ts');
    const context: Context = Object({});
    await expect(entry({ kind: 'self-test' }, context)).resolves.toMatchObject({ status: 'ok' });
  });

  test('does not start with an invalid variable, and names it', async () => {
    await expect(createHandler({ BEYOND_IDENTITY_API_URL: 'nonsense' })).rejects.toThrow(
      /API_TOKEN_SECRET_ID is not set.*BEYOND_IDENTITY_API_URL must be/,
    );
  });

  test('accepts a body in Base64', async () => {
    const body = Buffer.from('{"email":"jane@example.com"}').toString('base64');
    expect((await invoke({ body, isBase64Encoded: true })).statusCode).toBe(202);
  });

  test('measures a Base64 body by its decoded size', async () => {
    const padded = (bytes: number) =>
      Buffer.from('{"email":"jane@example.com"}'.padEnd(bytes)).toString('base64');
    expect((await invoke({ body: padded(4096), isBase64Encoded: true })).statusCode).toBe(202);
    expect((await invoke({ body: padded(4097), isBase64Encoded: true })).statusCode).toBe(413);
  });

  test('accepts header names in any case', async () => {
    expect((await invoke({ headers: { 'CONTENT-TYPE': 'application/json' } })).statusCode).toBe(202);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])(
    'rejects %s with 405',
    async (httpMethod) => {
      const response = await invoke({ httpMethod });
      expect(response).toMatchObject({ statusCode: 405, headers: { Allow: 'POST' } });
      expect(problemOf(response)).toMatchObject({ status: 405, detail: 'Use POST.' });
    },
  );

  test.each([1, null, true, ['application/json'], { toString: 'x' }])(
    'ignores a header value that is not a string (%j)',
    async (value) => {
      const response = await invoke({ headers: { 'Content-Type': value, origin: value, 'x-other': value } });
      expect(response.statusCode).toBe(415);
      expect(problemOf(response).status).toBe(415);
    },
  );

  test('responds without CORS headers to a preflight with a header value that is not a string', async () => {
    const withOrigins = await createHandler({ ...process.env, ALLOWED_ORIGINS: 'https://app.example.com' });
    for (const origin of [1, null, ['https://app.example.com']]) {
      const event = { httpMethod: 'OPTIONS', headers: { origin }, requestContext: { requestId: REQUEST_ID } };
      const response: APIGatewayProxyResult = await Reflect.apply(withOrigins, undefined, [event, {}]);
      expect(response.statusCode).toBe(204);
      expect(response.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    }
  });

  test.each([null, undefined, 'text', 7, []])(
    'responds with a problem document to an invalid event (%j)',
    async (event) => {
      const response: APIGatewayProxyResult = await Reflect.apply(handler, undefined, [
        event,
        { awsRequestId: 'lambda-request-id' },
      ]);
      expect(response.statusCode).toBe(400);
      expect(problemOf(response).detail).toBe('Not an API Gateway proxy event.');
    },
  );

  test.each([
    ['application/x-www-form-urlencoded', 'email=jane%40example.com'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['text/plain', 'jane@example.com'],
    ['application/json', '{'],
    ['application/octet-stream', 'x'.repeat(10_000)],
    [undefined, null],
  ])('rejects PUT with 405, and not 415, 400 or 413, for the content type %s', async (type, body) => {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    expect(await invoke({ httpMethod: 'PUT', headers, body })).toMatchObject({
      statusCode: 405,
      headers: { Allow: 'POST' },
    });
  });

  test.each([
    ['no body', { body: null }, 400],
    ['no headers', { headers: null }, 415],
    ['headers that are not an object', { headers: 'text' }, 400],
    ['no request context', { requestContext: undefined }, 400],
    ['a body that is not a string', { body: { email: 'jane@example.com' } }, 400],
    ['no method', { httpMethod: undefined }, 400],
  ])('responds with a problem document to an event with %s', async (_what, replaced, status) => {
    const response = await invoke(replaced);
    expect(response.statusCode).toBe(status);
    expect(problemOf(response).status).toBe(status);
  });

  test('falls back to the invocation id where the event has no request id', async () => {
    expect(problemOf(await invoke({ requestContext: undefined })).instance).toBe(
      'urn:uuid:lambda-request-id',
    );
  });

  test.each([
    ['an error', new TypeError('cannot read jane@example.com')],
    ['a thrown string', 'jane@example.com'],
    ['an error with an unexpected status', Object.assign(new Error('jane@example.com'), { statusCode: 418 })],
    ['an error without a stack', Object.assign(new RangeError('jane@example.com'), { stack: undefined })],
  ])('responds with a generic 500 to %s inside, and logs it without the message', async (_what, thrown) => {
    const replaced = {
      headers: {
        get 'Content-Type'() {
          throw thrown;
        },
      },
    };
    const response = await invoke(replaced);
    expect(response.statusCode).toBe(500);
    expect(problemOf(response).detail).toBe('Internal server error. Please try again later.');
    expect(response.body).not.toContain('jane');
    expect(service.printed()).toContain('unexpected error');
    expect(service.printed()).not.toContain('jane');
    expect(metricValues(service.printed(), 'Failed').at(-1)).toBe(1);
  });

  test('logs where an error was thrown', () => {
    expect(service.printed()).toMatch(/"error":"TypeError","stack":\["at /);
  });

  test('does not log the API token', () => {
    expect(service.printed()).not.toContain(API_TOKEN);
  });
});
