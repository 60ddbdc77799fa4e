import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACCEPTED_BODY, problemDocument } from '../../../functions/recover-user/http/contract.ts';
import {
  ALLOWED_ORIGIN,
  API_TOKEN,
  metricValues,
  type RecoveryService,
  startRecoveryService,
} from '../recovery-service.ts';

let service: RecoveryService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';
const UNKNOWN = 'nobody@example.com';
const SUSPENDED = 'sam@example.com';

async function start(options?: Parameters<typeof startRecoveryService>[0]) {
  service = await startRecoveryService(options);
}

/** What a caller sees of a response, without the id and the date, which differ in every response. */
async function visible(response: Response) {
  const headers = Object.fromEntries(response.headers);
  for (const unique of ['x-request-id', 'date']) delete headers[unique];
  return { status: response.status, headers, body: await response.text() };
}

async function expectProblem(response: Response, status: number) {
  const body = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = problemDocument.parse(JSON.parse(body));
  expect(problem.status).toBe(status);
  expect(problem.instance).toBe(`urn:uuid:${response.headers.get('x-request-id')}`);
  expectCommonHeaders(response);
  return { problem, body };
}

function expectCommonHeaders(response: Response) {
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
  expect(response.headers.get('vary')).toContain('Origin');
}

describe('a recovery', () => {
  test('of a known user is forwarded as the contract says, and sends one email', async () => {
    await start();
    const response = await service.recover(KNOWN);
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expectCommonHeaders(response);
    expect(await response.text()).toBe(
      '{"status":"accepted","message":"If an account exists for this email address, a recovery email is on its way."}',
    );
    expect(service.tenant.mails.map(({ to }) => to)).toEqual([KNOWN]);
    expect(service.tenant.requests).toHaveLength(1);
    expect(service.tenant.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/manage/recover-user',
      body: `{"external_id":"${KNOWN}","binding_token_delivery_method":"email"}`,
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
    });
    expect(metricValues(service.printed(), 'Forwarded')).toEqual([1]);
    expect(metricValues(service.printed(), 'UpstreamLatency')).toEqual([expect.any(Number)]);
  });

  test.each([
    ['known', KNOWN],
    ['unknown', UNKNOWN],
    ['suspended', SUSPENDED],
  ])('of a(n) %s user has the same response as that of a known user', async (_kind, email) => {
    await start();
    const response = await service.recover(email);
    expect(await visible(response)).toMatchObject({ status: 202, body: ACCEPTED_BODY });
    const reference = await visible(await service.recover(KNOWN));
    expect({ ...reference }).toEqual(await visible(await service.recover(email)));
  });

  test('sends no email to an unknown or suspended user', async () => {
    await start();
    await service.recover(UNKNOWN);
    await service.recover(SUSPENDED);
    expect(service.tenant.mails).toEqual([]);
    expect(metricValues(service.printed(), 'NotRecoverable')).toEqual([1, 1]);
  });

  test('forwards the address as typed, but trimmed, and with its domain in A-labels', async () => {
    await start();
    await service.recover('  Jane+Device@BU\u0308CHER.example ');
    expect(JSON.parse(service.tenant.requests[0]?.body ?? '')).toEqual({
      external_id: 'Jane+Device@xn--bcher-kva.example',
      binding_token_delivery_method: 'email',
    });
  });

  test('forwards only the address', async () => {
    await start();
    await service.post(`{"email":"${KNOWN}","external_id":"admin","binding_token_delivery_method":"sms"}`);
    expect(JSON.parse(service.tenant.requests[0]?.body ?? '')).toEqual({
      external_id: KNOWN,
      binding_token_delivery_method: 'email',
    });
  });

  test('accepts a nested user in the response as well as a flat one', async () => {
    await start({ tenant: { nestedUser: true } });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.printed()).not.toContain('check BEYOND_IDENTITY_API_URL');
  });

  test('runs fifty times concurrently with one read of the API token', async () => {
    const emails = Array.from({ length: 50 }, (_, index) => `user${index}@example.com`);
    const users = emails.map((email) => ({
      externalId: email,
      email,
      displayName: email,
      status: 'active' as const,
    }));
    await start({ tenant: { users } });
    const responses = await Promise.all(emails.map((email) => service.recover(email)));
    expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(202));
    expect(service.tenant.mails).toHaveLength(50);
    expect(service.secretsManager.requests).toHaveLength(1);
  });

  test('asks Beyond Identity to keep the connection', async () => {
    await start();
    for (let request = 0; request < 5; request++) await service.recover(KNOWN);
    expect(new Set(service.tenant.requests.map(({ headers }) => headers['connection']))).toEqual(
      new Set(['keep-alive']),
    );
  });
});

describe('a malformed request', () => {
  test.each([
    ['broken JSON', '{"email":'],
    ['an empty text', ''],
    ['a prototype', '{"__proto__":{"email":"jane@example.com"}}'],
  ])('with %s as its body is a 400', async (_what, body) => {
    await start();
    await expectProblem(await service.post(body), 400);
    expect(service.tenant.requests).toEqual([]);
  });

  test.each([
    ['null', '#'],
    ['[]', '#'],
    ['"jane@example.com"', '#'],
    ['{}', '#/email'],
    ['{"email":null}', '#/email'],
    ['{"email":["jane@example.com"]}', '#/email'],
    ['{"email":"not-an-address"}', '#/email'],
    ['{"email":"jane@example.com\\r\\nBcc: all@example.com"}', '#/email'],
    [`{"email":"${'a'.repeat(250)}@example.com"}`, '#/email'],
  ])('with the body %s is a 422 with a pointer', async (body, pointer) => {
    await start();
    const { problem } = await expectProblem(await service.post(body), 422);
    expect(problem.errors).toEqual([{ pointer, detail: expect.stringMatching(/\w/) }]);
    expect(service.tenant.requests).toEqual([]);
    expect(metricValues(service.printed(), 'Refused')).toEqual([1]);
  });

  test('is never echoed', async () => {
    await start();
    for (const body of ['{"email":"hidden-text"}', 'hidden-text', '["hidden-text"]']) {
      expect(await (await service.post(body)).text()).not.toContain('hidden-text');
    }
    expect(service.printed()).not.toContain('hidden-text');
  });

  test('with a body over 4 KiB is a 413, and a body of 4 KiB is accepted', async () => {
    await start();
    const padded = (bytes: number) => `{"email":"${KNOWN}"}`.padEnd(bytes);
    await expectProblem(await service.post(padded(4097)), 413);
    expect((await service.post(padded(4096))).status).toBe(202);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'with the content type %j is a 415',
    async (type) => {
      await start();
      await expectProblem(await service.post(`{"email":"${KNOWN}"}`, { 'content-type': type }), 415);
    },
  );

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON'])(
    'is not one with the content type %j',
    async (type) => {
      await start();
      expect((await service.post(`{"email":"${KNOWN}"}`, { 'content-type': type })).status).toBe(202);
    },
  );

  test('leads to 202, 400 or 422 for any body, and only addresses are forwarded', async () => {
    await start();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.record({ email: fc.string() }).map((body) => JSON.stringify(body)),
        ),
        async (body) => {
          expect([202, 400, 422]).toContain((await service.post(body)).status);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${service.url}/recover-user`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  test('allows the preflight of an allowed origin', async () => {
    await start();
    const response = await preflight(ALLOWED_ORIGIN);
    expect(response.status).toBe(204);
    expectCommonHeaders(response);
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    expect(response.headers.get('access-control-max-age')).toBe('7200');
  });

  test.each([
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'http://app.example.com',
  ])('does not allow the origin %s', async (origin) => {
    await start({ environment: { ALLOWED_ORIGINS: `${ALLOWED_ORIGIN},https://other.example.com` } });
    for (const response of [await preflight(origin), await service.recover(KNOWN, { origin })]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('vary')).toBe('Origin');
    }
  });

  test('names the requesting origin where several are allowed', async () => {
    await start({ environment: { ALLOWED_ORIGINS: 'https://a.example,https://b.example' } });
    for (const origin of ['https://a.example', 'https://b.example']) {
      const response = await service.recover(KNOWN, { origin });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toBe('Origin');
      expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After, X-Request-Id');
    }
  });

  test('is off without allowed origins, and a preflight is a 405', async () => {
    await start({ environment: { ALLOWED_ORIGINS: '' } });
    const response = await service.recover(KNOWN);
    expect([...response.headers.keys()].filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
    const refused = await preflight(ALLOWED_ORIGIN);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
  });
});
