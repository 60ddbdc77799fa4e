import { afterEach, describe, expect, test } from '@jest/globals';
import { problemDocument } from '../../functions/recover-user/contract.ts';
import {
  SIMULATED_HUMAN_CHECK_SECRET,
  type SimulatedHumanCheckProvider,
  startHumanCheckProvider,
} from '../../local/human-check/human-check-provider.ts';
import { API_TOKEN, metricValues, type RecoveryService, startRecoveryService } from './recovery-service.ts';

const PROVIDERS = ['turnstile', 'hcaptcha', 'recaptcha'] as const;
const KNOWN = 'jane@example.com';

let provider: SimulatedHumanCheckProvider;
let service: RecoveryService;
afterEach(async () => {
  await service.close();
  await provider.close();
});

async function start(name: (typeof PROVIDERS)[number], environment: Record<string, string> = {}) {
  provider = await startHumanCheckProvider({ provider: name });
  service = await startRecoveryService({
    secret: JSON.stringify({ API_TOKEN, HUMAN_CHECK_SECRET: SIMULATED_HUMAN_CHECK_SECRET }),
    environment: {
      HUMAN_CHECK_PROVIDER: name,
      HUMAN_CHECK_VERIFY_URL: provider.verifyUrl.href,
      ...environment,
    },
  });
}

const recover = (humanCheckToken?: unknown) =>
  service.post(JSON.stringify({ email: KNOWN, humanCheckToken }));

describe.each(PROVIDERS)('with %s', (name) => {
  test('a person is recovered, once for each token', async () => {
    await start(name);
    const token = provider.issueToken();
    expect((await recover(token)).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect((await recover(token)).status).toBe(422);
    expect(service.tenant.requests).toHaveLength(1);
  });

  test('without a token, or with one of nobody: 422 with a pointer, and nothing is spent', async () => {
    await start(name);
    for (const token of [undefined, 'made-up', 'x'.repeat(7000)]) {
      const response = await recover(token);
      expect(response.status).toBe(422);
      const { errors } = problemDocument.parse(await response.json());
      expect(errors).toEqual([{ pointer: '#/humanCheckToken', detail: expect.any(String) }]);
    }
    expect(service.tenant.requests).toEqual([]);
    expect(metricValues(service.printed(), 'HumanCheckFailed')).toEqual([1, 1, 1]);
  });

  test('a provider that is down: 503 for everybody', async () => {
    await start(name);
    provider.fault({ kind: '500' });
    expect((await recover(provider.issueToken())).status).toBe(503);
    expect(service.tenant.requests).toEqual([]);
    expect(metricValues(service.printed(), 'HumanCheckUnavailable')).toEqual([1]);
  });

  test('a provider that is down, where requests go on then', async () => {
    await start(name, { HUMAN_CHECK_WHEN_DOWN: 'open' });
    provider.fault({ kind: '500' });
    expect((await recover(provider.issueToken())).status).toBe(202);
    expect(service.tenant.mails).toHaveLength(1);
    expect(metricValues(service.printed(), 'HumanCheckUnavailable')).toEqual([1]);
  });
});

test('a token that is no text is a bad request', async () => {
  await start('turnstile');
  const response = await recover({});
  expect(response.status).toBe(422);
  expect(provider.requests).toEqual([]);
});
