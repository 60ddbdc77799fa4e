import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { metricValues, type RecoveryService, startRecoveryService } from '../recovery-service.ts';
import { expectProblem } from './responses.ts';

let service: RecoveryService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';

async function start(options?: Parameters<typeof startRecoveryService>[0]) {
  service = await startRecoveryService(options);
}

describe('a malformed request', () => {
  const NO_JSON = 'The body is not valid JSON.';
  const REJECTED_KEY = 'The body has the key "__proto__", or "constructor" with "prototype" in it.';

  test.each([
    ['broken JSON', '{"email":', NO_JSON],
    ['an empty text', '', NO_JSON],
    ['a prototype', '{"__proto__":{"email":"jane@example.com"}}', REJECTED_KEY],
    ['a prototype in a key that is ignored', `{"email":"${KNOWN}","a":[{"__proto__":1}]}`, REJECTED_KEY],
    ['a prototype of the constructor', `{"email":"${KNOWN}","constructor":{"prototype":{}}}`, REJECTED_KEY],
  ])('with %s as its body is a 400 that says why', async (_what, body, detail) => {
    await start();
    const { problem } = await expectProblem(await service.post(body), 400);
    expect(problem.detail).toBe(detail);
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
