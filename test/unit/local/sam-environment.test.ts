import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { readBeyondIdentityConfig } from '../../../functions/runtime/beyond-identity-config.ts';
import { readDirectoryConfig } from '../../../functions/runtime/directory-config.ts';
import { V0_PLATFORM } from '../../../local/platforms/v0.ts';
import { V1_PLATFORM } from '../../../local/platforms/v1.ts';
import { SIMULATED_IDS } from '../../../local/tenant/v1/simulated-ids.ts';
import { FUNCTIONS, type ReadFunctionConfig, variablesRead } from './function-variables.ts';

/** Variables that keep the value of the synthesized stage. */
const OF_THE_STAGE: ReadonlySet<string> = new Set([
  'STAGE',
  'ALLOWED_ORIGINS',
  'RESPONSE_TIME_MS',
  'MAILBOX_COOLDOWN_SECONDS',
  'MAILBOX_ATTEMPTS_PER_DAY',
  'DELIVERY',
  'OUTBOX_MAXIMUM_AGE_SECONDS',
  'INCLUDE_REFERENCE',
  'CAPTCHA_PROVIDER',
  'CAPTCHA_FAILURE_MODE',
  'CAPTCHA_MINIMUM_SCORE',
  'CAPTCHA_VERIFY_URL',
]);

const environments = z.record(z.string(), z.record(z.string(), z.string()));

function environmentOf(file: string, functionName: string): Record<string, string> {
  const path = new URL(`../../../local/${file}`, import.meta.url);
  const environment = environments.parse(JSON.parse(readFileSync(path, 'utf8')))[functionName];
  if (environment === undefined) throw new Error(`${file} has no ${functionName}.`);
  return environment;
}

const FILES = ['sam-environment.json', 'sam-environment-v1.json'];
const CASES = FILES.flatMap((file) =>
  Object.entries(FUNCTIONS).map(([name, read]): [string, string, ReadFunctionConfig] => [file, name, read]),
);

describe('the variables for sam local', () => {
  test.each(CASES)(
    'in %s are exactly those that %s reads, without those of the stage',
    (file, name, read) => {
      const environment = environmentOf(file, name);
      const isOwn = (variable: string) => !OF_THE_STAGE.has(variable);
      const expected = [...variablesRead(read, environment)].filter(isOwn);
      const named = Object.keys(environment).filter((variable) => !variable.startsWith('AWS_ENDPOINT_URL_'));
      expect(named.toSorted()).toEqual(expected.toSorted());
    },
  );

  test.each(CASES)('in %s lead %s to the emulators of npm start', (file, name) => {
    const urls = Object.values(environmentOf(file, name)).filter((value) => URL.canParse(value));
    const hosts = urls.map((value) => new URL(value).host);
    expect(new Set(hosts)).toEqual(
      new Set([
        'host.docker.internal:3001',
        'host.docker.internal:3002',
        'host.docker.internal:3003',
        'host.docker.internal:3004',
        ...(file === 'sam-environment-v1.json' ? ['localhost:3000'] : []),
      ]),
    );
  });

  test.each(Object.keys(FUNCTIONS))('of v0 give %s the simulated API token', (name) => {
    const environment = environmentOf('sam-environment.json', name);
    expect(environment['API_TOKEN_SECRET_ID']).toBe(V0_PLATFORM.secretName);
    expect(readBeyondIdentityConfig(environment).platform).toBe('v0');
    expect(readDirectoryConfig(environment)).toEqual({ type: 'email' });
  });

  test.each(Object.keys(FUNCTIONS))('of v1 give %s the ids of the simulated tenant', (name) => {
    const environment = environmentOf('sam-environment-v1.json', name);
    const { tenantId, realmId, authenticatorConfigId, applicationId, applicationRealmId } = SIMULATED_IDS;
    expect(environment['API_TOKEN_SECRET_ID']).toBe(V1_PLATFORM.secretName);
    expect(readBeyondIdentityConfig(environment)).toMatchObject({
      platform: 'v1',
      tenantId,
      realmId,
      authenticatorConfigId,
      application: { applicationId, applicationRealmId },
    });
    expect(readDirectoryConfig(environment)).toEqual({ type: 'email' });
  });
});
