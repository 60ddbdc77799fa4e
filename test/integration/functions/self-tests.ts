import { afterEach, beforeEach, expect } from '@jest/globals';
import { selfTest as testEndpoint } from '../../../functions/recover-user/self-test.ts';
import { TIMEOUTS } from '../../../functions/runtime/timeouts.ts';
import { ATTEMPTS_TABLE_NAME } from '../../../local/emulators/dynamodb.ts';
import { startTenant, type Tenant } from '../../../local/tenant/tenant.ts';
import type { V1Tenant, V1TenantOptions } from '../../../local/tenant/v1/options.ts';
import { SIMULATED_CLIENT_SECRET } from '../../../local/tenant/v1/simulated-ids.ts';
import { startV1Tenant } from '../../../local/tenant/v1/tenant.ts';
import { clientCredentials, v1Environment } from '../../../local/tenant/v1/tenant-variables.ts';
import { secretsManager, sqs, useDynamoDb, useSecretsManager, useSqs } from '../emulated-aws.ts';
import { recordOutput } from '../recorded-output.ts';
import { API_TOKEN, metricValues } from '../recovery-service.ts';

/** Practically no pauses. */
export const QUICK = { ...TIMEOUTS, firstRetryPauseMs: 1, longestRetryPauseMs: 1, shortestCallMs: 1 };

/** The time of a self-test that something keeps from ending, in which a busy machine does the rest. */
export const SHORT = { selfTestMs: 1_500 };

/** The v0 tenant of the current test. */
export let tenant: Tenant;
let output: ReturnType<typeof recordOutput>;

/** Runs a v0 tenant and the emulated AWS for each test of the file. Expects that no address or credential is printed. */
export function useSelfTests(): void {
  useDynamoDb();
  useSqs();
  useSecretsManager();
  beforeEach(async () => {
    secretsManager.put('the-key', 'a-key');
    secretsManager.put('the-captcha', 'a-secret-key');
    tenant = await startTenant({ apiToken: API_TOKEN });
    output = recordOutput();
  });
  afterEach(async () => {
    output.stop();
    expect(output.printed()).not.toMatch(/[^\s"/(]@[\w-]+\.|tok_A1b2C3|eyJ/);
    expect(output.printed()).not.toContain(SIMULATED_CLIENT_SECRET);
    await tenant.close();
  });
}

/** The values of one metric since the start of the test. */
export const counted = (metric: string) => metricValues(output.printed(), metric);

/** The variables of both platforms. */
export const COMMON = {
  API_TOKEN_SECRET_ID: 'the-secret',
  ATTEMPTS_TABLE_NAME,
  PSEUDONYM_KEY_SECRET_ID: 'the-key',
};

/** Tests the endpoint against the v0 tenant. */
export function testV0(
  environment: Record<string, string> = {},
  secret = API_TOKEN,
  timing: Partial<typeof TIMEOUTS> = {},
) {
  secretsManager.put('the-secret', secret);
  const variables = { ...COMMON, BEYOND_IDENTITY_API_URL: tenant.url, OUTBOX_QUEUE_URL: sqs.queueUrl };
  return testEndpoint({ ...variables, ...environment }, { ...QUICK, ...timing });
}

/** Tests the endpoint against a v1 tenant. */
export async function testV1({
  environment = {},
  secret = JSON.stringify(clientCredentials(SIMULATED_CLIENT_SECRET)),
  options = {},
  prepare = () => undefined,
  timing = {},
}: {
  environment?: Record<string, string>;
  secret?: string | ((tenant: V1Tenant) => string);
  options?: V1TenantOptions;
  prepare?: (tenant: V1Tenant) => void;
  timing?: Partial<typeof TIMEOUTS>;
} = {}) {
  const v1Tenant = await startV1Tenant(options);
  try {
    secretsManager.put('the-secret', typeof secret === 'string' ? secret : secret(v1Tenant));
    prepare(v1Tenant);
    const report = await testEndpoint(
      { ...COMMON, ...v1Environment(v1Tenant), ...environment },
      { ...QUICK, ...timing },
    );
    expect(v1Tenant.mails).toEqual([]);
    return report;
  } finally {
    await v1Tenant.close();
  }
}

type Report = Awaited<ReturnType<typeof testEndpoint>>;

/** The checks that found a problem, with the fix. */
export const problemsOf = ({ checks }: Report) =>
  checks.filter(({ status }) => status === 'problem').map(({ name, fix }) => [name, fix]);

/** The checks that found a problem, as whole sentences. */
export const sentencesOf = ({ checks }: Report) =>
  checks
    .filter(({ status }) => status === 'problem')
    .map(({ name, detail, fix }) => `${name}: ${detail}. ${fix}`);

/** A JWT with these claims. */
export const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
