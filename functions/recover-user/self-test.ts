import { secretOptions } from '../adapters/aws/clients.ts';
import {
  checkCaptchaSecret,
  checkDirectory,
  checkPseudonyms,
  checkQueue,
  checkTable,
} from '../adapters/aws/resource-checks.ts';
import { createCaptchaSecret, createPseudonymKeySecret } from '../adapters/aws/single-value-secrets.ts';
import { checkTenant } from '../adapters/beyond-identity/tenant-check.ts';
import { createDirectory } from '../adapters/directory/directory.ts';
import type { Deadline } from '../core/deadline.ts';
import { type Checks, runChecks, type SelfTestReport } from '../core/self-test.ts';
import type { Context } from '../runtime/context.ts';
import type { Environment } from '../runtime/environment.ts';
import { runSelfTest } from '../runtime/self-test.ts';
import { createTelemetry } from '../runtime/telemetry.ts';
import { TIMEOUTS, type Timeouts } from '../runtime/timeouts.ts';
import { type Config, readConfig } from './config.ts';

/** Tests this function in its environment. Throws `ConfigError`. */
export async function selfTest(
  environment: Environment,
  timeouts: Timeouts = TIMEOUTS,
): Promise<SelfTestReport> {
  const config = readConfig(environment);
  const context = { telemetry: createTelemetry(config.stage), timeouts };
  return runSelfTest(createChecks(config, context), context);
}

/** Checks everything that this configuration names, by calls that send no email. */
function createChecks(config: Config, context: Context) {
  const { timeouts } = context;
  const { attemptsTableName, outboxQueueUrl, pseudonymKeySecretId, captchaSecretId, forwarding } = config;
  const checks: Checks = {
    ...(attemptsTableName && { table: (deadline) => checkTable(attemptsTableName, timeouts, deadline) }),
    ...(outboxQueueUrl && { outbox: (deadline) => checkQueue(outboxQueueUrl, timeouts, deadline) }),
    ...(pseudonymKeySecretId && {
      'pseudonymization key': (deadline) => {
        const { pseudonyms } = createPseudonymKeySecret(secretOptions(pseudonymKeySecretId, context));
        return checkPseudonyms(pseudonyms, deadline);
      },
    }),
    ...(captchaSecretId && {
      'CAPTCHA secret key': (deadline) => {
        const { captchaSecret } = createCaptchaSecret(secretOptions(captchaSecretId, context));
        return checkCaptchaSecret(captchaSecret, deadline);
      },
    }),
    ...(forwarding && {
      directory: (deadline) => {
        const directory = createDirectory(forwarding.directory, forwarding.beyondIdentity.platform, context);
        return checkDirectory(directory, deadline);
      },
    }),
  };

  return async (deadline: Deadline): Promise<Omit<SelfTestReport, 'status'>> => {
    const [made, tenant] = await Promise.all([
      runChecks(checks, deadline),
      forwarding && checkTenant(forwarding.beyondIdentity, forwarding.credentialSecretId, context, deadline),
    ]);
    return { checks: [...made, ...(tenant?.checks ?? [])], tokenDaysLeft: tenant?.tokenDaysLeft };
  };
}
