import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import type { CaptchaFault } from '../../../emulators/captcha/captcha-provider.ts';
import {
  createVerifier,
  PROVIDERS,
  reportedReasons,
  SOURCE_IP,
  startVerifier,
  useVerifiers,
} from './verifiers.ts';

useVerifiers();

describe.each(PROVIDERS)('%s', (provider) => {
  test('is unavailable, with the reason reported, under a wrong secret key', async () => {
    const { simulated, verify } = await startVerifier(provider, { secret: async () => 'wrong' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['invalid-input-secret']);
  });

  test('is unavailable, with the reason reported, under an empty secret key', async () => {
    const { simulated, verify } = await startVerifier(provider, { secret: async () => '' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['missing-input-secret']);
  });

  test('is unavailable and not called without a secret key', async () => {
    const { simulated, verify } = await startVerifier(provider, { secret: async () => undefined });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['CAPTCHA secret key is not configured']);
    expect(simulated.requests).toEqual([]);
  });

  test.each<[Exclude<CaptchaFault['kind'], 'slow'>, string]>([
    ['500', 'status 500 without a verdict'],
    ['not-json', 'status 200 without a verdict'],
    ['reset', 'no response (ECONNRESET)'],
  ])(
    'is unavailable after one request while it fails with %s, and accepts the token afterwards',
    async (kind, reason) => {
      const { simulated, verify } = await startVerifier(provider);
      const token = simulated.issueToken();
      simulated.fault({ kind });
      await expect(verify(token)).resolves.toBe('unavailable');
      expect(reportedReasons()).toEqual([reason]);
      expect(simulated.requests).toHaveLength(1);
      simulated.heal();
      await expect(verify(token)).resolves.toBe('human');
    },
  );

  test('is unavailable when it hangs for longer than the timeout', async () => {
    const { simulated, verify } = await startVerifier(provider, { timeoutMs: 5 });
    simulated.fault({ kind: 'hang' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['no response (Aborted)']);
  });

  test('is unavailable when it hangs until the deadline', async () => {
    const { simulated } = await startVerifier(provider);
    simulated.fault({ kind: 'hang' });
    const captcha = createVerifier(simulated, provider);
    const near = startDeadline(5);
    await expect(captcha.verify(simulated.issueToken(), SOURCE_IP, near)).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['no response (Aborted)']);
  });

  test('is not called after the deadline', async () => {
    const { simulated } = await startVerifier(provider);
    const captcha = createVerifier(simulated, provider);
    const over = startDeadline(0);
    await once(over.signal, 'abort');
    await expect(captcha.verify(simulated.issueToken(), SOURCE_IP, over)).resolves.toBe('unavailable');
    expect(reportedReasons()).toEqual(['deadline exceeded before the check started']);
    expect(simulated.requests).toEqual([]);
  });

  test('is called once more when a kept connection turned stale', async () => {
    const { simulated, verify } = await startVerifier(provider);
    await expect(verify(simulated.issueToken())).resolves.toBe('human');
    simulated.fault({ kind: 'reset', times: 1 });
    await expect(verify(simulated.issueToken())).resolves.toBe('human');
    expect(reportedReasons()).toEqual([]);
    simulated.fault({ kind: 'reset' });
    await expect(verify(simulated.issueToken())).resolves.toBe('unavailable');
    expect(simulated.requests).toHaveLength(5);
  });
});
