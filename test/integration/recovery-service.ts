import { expect } from '@jest/globals';
import { createHandler } from '../../functions/recover-user/handler.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { TIMEOUTS } from '../../functions/runtime/timeouts.ts';
import { startGateway } from '../../local/emulators/gateway.ts';
import { type SecretsManager, startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import { startTenant, type Tenant, type TenantOptions } from '../../local/tenant/tenant.ts';
import { recordOutput } from './recorded-output.ts';

export const API_TOKEN = 'tok_A1b2C3-secret';
export const ALLOWED_ORIGIN = 'https://app.example.com';

/** The real handler in front of the emulators, all on loopback. */
export interface RecoveryService {
  url: string;
  tenant: Tenant;
  secretsManager: SecretsManager;
  /** Everything that was printed since the start, by whatever means. */
  printed(): string;
  /** Asks for recovery as a browser on the allowed origin would. */
  recover(email: unknown, headers?: Record<string, string>): Promise<Response>;
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

interface ServiceOptions {
  environment?: Record<string, string>;
  /** The value of the secret; `null`: there is none. */
  secret?: string | null;
  timing?: Partial<typeof TIMEOUTS>;
  clock?: Clock;
  tenant?: TenantOptions;
  /** How long the emulated Lambda lets the function run. */
  timeoutMs?: number;
}

/** Retries without a wait worth mentioning: the tests are about what happens, not when. */
const QUICK = { ...TIMEOUTS, firstRetryPauseMs: 1, longestRetryPauseMs: 1, shortestCallMs: 1, workMs: 2000 };

export async function startRecoveryService(options: ServiceOptions = {}): Promise<RecoveryService> {
  const tenant = await startTenant({ apiToken: API_TOKEN, ...options.tenant });
  const secretsManager = await startSecretsManager();
  const secret = options.secret === undefined ? JSON.stringify({ API_TOKEN }) : options.secret;
  if (secret !== null) secretsManager.put('the-secret', secret);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const recording = recordOutput();
  const handler = await createHandler(
    {
      API_TOKEN_SECRET_ID: 'the-secret',
      BEYOND_IDENTITY_API_URL: tenant.url,
      ALLOWED_ORIGINS: ALLOWED_ORIGIN,
      RESPONSE_TIME_MS: '0',
      MAILBOX_COOLDOWN_SECONDS: '0',
      MAILBOX_ATTEMPTS_PER_DAY: '20',
      ...options.environment,
    },
    { ...QUICK, ...options.timing },
    options.clock,
  ).catch(async (error: unknown) => {
    recording.stop();
    await Promise.all([tenant.close(), secretsManager.close()]);
    throw error;
  });
  const gateway = await startGateway({ handler, timeoutMs: options.timeoutMs ?? 15_000 });

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/recover-user`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ALLOWED_ORIGIN, ...headers },
      body,
    });
  return {
    url: gateway.url,
    tenant,
    secretsManager,
    printed: recording.printed,
    post,
    recover: (email, headers) => post(JSON.stringify({ email }), headers),
    close: async () => {
      await Promise.all([gateway.close(), tenant.close(), secretsManager.close()]);
      recording.stop();
      expectNothingTold(recording.printed());
    },
  };
}

/** Whatever a test did: nothing that was printed tells of an address, a token or a body (ASVS 16.2.5). */
function expectNothingTold(printed: string): void {
  expect(printed).not.toMatch(/[^\s"/(]@[\w-]+\./);
  expect(printed).not.toContain(API_TOKEN);
  expect(printed).not.toMatch(/Bearer|\\?"email\\?":|external_id/);
}

/** The values of one metric, in the order in which they were sent. */
export function metricValues(printed: string, name: string): number[] {
  return printed
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line): Record<string, number | number[]> => JSON.parse(line))
    .flatMap((metrics) => metrics[name] ?? []);
}
