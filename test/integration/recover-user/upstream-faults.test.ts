import { afterEach, describe, expect, test } from '@jest/globals';
import { ACCEPTED_BODY } from '../../../functions/recover-user/http/contract.ts';
import { PLATFORMS, type PlatformFault, type PlatformService, tooManyRequests } from '../platforms.ts';
import { metricValues } from '../recovery-service.ts';
import { expectUnavailable } from './responses.ts';

let service: PlatformService;
afterEach(() => service.close());

const KNOWN = 'jane@example.com';

describe.each(PLATFORMS)('while Beyond Identity fails on $platform', (platform) => {
  test.each<PlatformFault>([
    { kind: '500', times: 3 },
    { kind: '429', times: 3 },
    { ...tooManyRequests(0), times: 3 },
    { kind: 'reset', times: 3 },
  ])('a request is retried until it succeeds, with one email (%j)', async (fault) => {
    service = await platform.start();
    service.tenant.fault(fault);
    const response = await service.recover(KNOWN);
    expect(response.status).toBe(202);
    expect(await response.text()).toBe(ACCEPTED_BODY);
    expect(service.tenant.mails).toHaveLength(1);
    expect(service.lookups()).toBe(4);
  });

  test('a request is repeated without a pause when the kept connection was closed', async () => {
    service = await platform.start({ timing: { firstRetryPauseMs: 60_000, longestRetryPauseMs: 60_000 } });
    await service.recover(KNOWN);
    service.tenant.fault({ kind: 'reset', times: 1 });
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(2);
  });

  test('an error response is counted for the version of the function, by which a release goes', async () => {
    service = await platform.start({
      timing: { workMs: 300 },
      environment: { STAGE: 'test', AWS_LAMBDA_FUNCTION_VERSION: '7' },
    });
    service.tenant.fault({ kind: 'reset' });
    await expectUnavailable(await service.recover(KNOWN));
    service.tenant.heal();
    expect((await service.recover(KNOWN)).status).toBe(202);
    expect(service.printed().match(/"VersionErrorResponses":1/g)).toHaveLength(1);
    expect(service.printed()).toMatch(/"stage":"test","version":"7","VersionErrorResponses":1/);
  });

  test.each<PlatformFault>([
    { kind: '500' },
    tooManyRequests(3600),
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'slow', delayMs: 60_000 },
  ])('requests for a known and an unknown address are a 503 (%j)', async (fault) => {
    service = await platform.start({ timing: { workMs: 300 } });
    service.tenant.fault(fault);
    for (const email of [KNOWN, 'nobody@example.com']) await expectUnavailable(await service.recover(email));
    expect(metricValues(service.printed(), 'UpstreamFailed')).toEqual([1, 1]);
    expect(metricValues(service.printed(), 'CauseUpstreamFailed')).toEqual([1, 1]);
    service.tenant.heal();
    expect((await service.recover(KNOWN)).status).toBe(202);
  });

  test('requests are a 503 when the connection is refused', async () => {
    service = await platform.start({
      environment: { BEYOND_IDENTITY_API_URL: 'http://127.0.0.1:9' },
      timing: { workMs: 50 },
    });
    await expectUnavailable(await service.recover(KNOWN));
  });

  test('requests are a 503 before Lambda times out', async () => {
    service = await platform.start({
      timing: { workMs: 60_000, lambdaTimeoutMarginMs: 400 },
      timeoutMs: 500,
    });
    service.tenant.fault({ kind: 'hang' });
    await expectUnavailable(await service.recover(KNOWN));
  });

  test('the output contains no token and no address, whatever fails', async () => {
    service = await platform.start({ timing: { workMs: 100 } });
    for (const kind of ['500', '429', 'reset', 'hang', 'not-json'] as const) {
      service.tenant.fault({ kind });
      await service.recover(KNOWN);
    }
    service.tenant.heal();
    await service.post('{"email":"jane@example.com"');
    await service.recover('jane@example.com, john@example.com');
    service.rejectToken();
    await service.recover(KNOWN);
    expect(service.printed().split('\n').length).toBeGreaterThan(5);
    expect(service.printed()).not.toMatch(/jane|john|example\.com|tok_A1b2C3|another-token/);
  });
});
