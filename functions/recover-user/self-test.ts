import { checkForwarding } from '#forwarding';
import {
  checkCaptchaSecret,
  checkDirectory,
  checkPseudonyms,
  checkQueue,
  checkTable,
} from '../adapters/aws/resource-checks.ts';
import type { Deadline } from '../core/deadline.ts';
import { STAGE_ENDS } from '../core/recover-user.ts';
import { type Checks, runChecks, type SelfTestReport } from '../core/self-test.ts';
import type { Context } from '../runtime/context.ts';
import type { Environment } from '../runtime/environment.ts';
import { runSelfTest } from '../runtime/self-test.ts';
import { createTelemetry } from '../runtime/telemetry.ts';
import { TIMEOUTS, type Timeouts } from '../runtime/timeouts.ts';
import { type Config, readConfig } from './config.ts';
import { createSecretPorts } from './secrets.ts';

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
  const { attemptsTableName, outboxQueueUrl, captcha, forwarding } = config;
  const { pseudonyms, captchaSecret, forwarding: ports } = createSecretPorts(config, context);
  const directoryMs = (config.responseTimeMs || timeouts.workMs) * STAGE_ENDS.directory;
  const checks: Checks = {
    ...(attemptsTableName && { table: (deadline) => checkTable(attemptsTableName, timeouts, deadline) }),
    ...(outboxQueueUrl && { outbox: (deadline) => checkQueue(outboxQueueUrl, timeouts, deadline) }),
    ...(config.pseudonymKeySecretId && {
      'pseudonymization key': (deadline) => checkPseudonyms(pseudonyms, deadline),
    }),
    ...(captcha &&
      captchaSecret && { 'CAPTCHA secret key': (deadline) => checkCaptchaSecret(captchaSecret, deadline) }),
    ...(ports && { directory: (deadline) => checkDirectory(ports.directory, directoryMs, deadline) }),
  };

  return async (deadline: Deadline): Promise<Omit<SelfTestReport, 'status'>> => {
    const [made, tenant] = await Promise.all([
      runChecks(checks, deadline),
      forwarding && checkForwarding(forwarding, context, deadline),
    ]);
    return { checks: [...made, ...(tenant?.checks ?? [])], tokenDaysLeft: tenant?.tokenDaysLeft };
  };
}
