import { expect } from '@jest/globals';
import { createHandler } from '../../functions/recover-user/handler.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { TIMEOUTS } from '../../functions/runtime/timeouts.ts';
import { startGateway } from '../../local/emulators/gateway.ts';
import { type SecretsManager, startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import type { RunningServer } from '../../local/http-server.ts';
import { startTenant, type Tenant, type TenantOptions } from '../../local/tenant/tenant.ts';
import type { V1Tenant, V1TenantOptions } from '../../local/tenant/v1/options.ts';
import { SIMULATED_CLIENT_SECRET } from '../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../local/tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../../local/tenant/v1/tenant-variables.ts';
import { setAwsEndpoints } from './emulated-aws.ts';
import { recordOutput } from './recorded-output.ts';

export const API_TOKEN = 'tok_A1b2C3-secret';
export const ALLOWED_ORIGIN = 'https://app.example.com';

/** The real handler in front of the emulators, all on loopback. */
export interface RecoveryService<RunningTenant extends RunningServer = Tenant> {
  url: string;
  tenant: RunningTenant;
  secretsManager: SecretsManager;
  /** Everything printed since the start, on both streams. */
  printed(): string;
  /** Requests recovery as a browser on the allowed origin would. */
  recover(email: unknown, headers?: Record<string, string>): Promise<Response>;
  post(body: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** Options of a service on either platform. */
export interface CommonOptions {
  environment?: Record<string, string>;
  /** The value of the secret; `null`: there is none. */
  secret?: string | null;
  timing?: Partial<typeof TIMEOUTS>;
  clock?: Clock;
  /** How long the emulated Lambda lets the function run. */
  timeoutMs?: number;
}
interface ServiceOptions extends CommonOptions {
  tenant?: TenantOptions;
}
interface V1ServiceOptions extends CommonOptions {
  tenant?: V1TenantOptions;
  /** Whether the secret holds client credentials or a console token. */
  credential?: 'client-credentials' | 'console-token';
}

/** Retries practically without a pause: the tests are about behavior, not time. */
const QUICK = { ...TIMEOUTS, firstRetryPauseMs: 1, longestRetryPauseMs: 1, shortestCallMs: 1, workMs: 2000 };

/** The service in front of a simulated v0 tenant. */
export async function startRecoveryService(options: ServiceOptions = {}): Promise<RecoveryService> {
  const tenant = await startTenant({ apiToken: API_TOKEN, ...options.tenant });
  const environment = { BEYOND_IDENTITY_API_URL: tenant.url, ...options.environment };
  return startInFrontOf(tenant, { secret: JSON.stringify({ API_TOKEN }), ...options, environment });
}

/** The service in front of a strict simulated v1 tenant. */
export async function startV1RecoveryService(
  options: V1ServiceOptions = {},
): Promise<RecoveryService<V1Tenant>> {
  const tenant = await startV1Tenant(options.tenant);
  const usesConsoleToken = options.credential === 'console-token';
  const environment = {
    ...v1Environment(tenant),
    ...(usesConsoleToken && { BEYOND_IDENTITY_APPLICATION_ID: '' }),
    ...options.environment,
  };
  const secret = usesConsoleToken
    ? tenant.consoleToken
    : JSON.stringify(clientCredentials(SIMULATED_CLIENT_SECRET));
  return startInFrontOf(tenant, { secret, ...options, environment });
}

async function startInFrontOf<RunningTenant extends RunningServer>(
  tenant: RunningTenant,
  options: CommonOptions,
): Promise<RecoveryService<RunningTenant>> {
  const secretsManager = await startSecretsManager();
  const { secret = null } = options;
  if (secret !== null) secretsManager.put('the-secret', secret);
  setAwsEndpoints({ SECRETS_MANAGER: secretsManager.url });
  const recording = recordOutput();
  const handler = await createHandler(
    {
      API_TOKEN_SECRET_ID: 'the-secret',
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
      expectNothingDisclosed(recording.printed());
    },
  };
}

/** Expects that no address, token or body was printed (ASVS 16.2.5). */
function expectNothingDisclosed(printed: string): void {
  expect(printed).not.toMatch(/[^\s"/(]@[\w-]+\./);
  expect(printed).not.toContain(API_TOKEN);
  expect(printed).not.toContain(SIMULATED_CLIENT_SECRET);
  expect(printed).not.toMatch(/Bearer|Basic |eyJ|traits\.username|\\?"email\\?":|external_id/);
}

/** The values of one metric, in the order in which they were sent. */
export function metricValues(printed: string, name: string): number[] {
  return printed
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line): Record<string, number | number[]> => JSON.parse(line))
    .flatMap((metrics) => metrics[name] ?? []);
}
