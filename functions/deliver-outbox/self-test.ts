import { checkDirectory, checkTable } from '../adapters/aws/resource-checks.ts';
import { checkTenant } from '../adapters/beyond-identity/tenant-check.ts';
import { createDirectory } from '../adapters/directory/directory.ts';
import type { Deadline } from '../core/deadline.ts';
import { DIRECTORY_SHARE } from '../core/deliver.ts';
import { runChecks, type SelfTestReport } from '../core/self-test.ts';
import type { Context } from '../runtime/context.ts';
import type { Environment } from '../runtime/environment.ts';
import { runSelfTest } from '../runtime/self-test.ts';
import { createTelemetry } from '../runtime/telemetry.ts';
import { TIMEOUTS, type Timeouts } from '../runtime/timeouts.ts';
import { type DeliveryConfig, readDeliveryConfig } from './config.ts';

/** Tests this function in its environment. Throws `ConfigError`. */
export async function selfTest(
  environment: Environment,
  timeouts: Timeouts = TIMEOUTS,
): Promise<SelfTestReport> {
  const config = readDeliveryConfig(environment);
  const context = { telemetry: createTelemetry(config.stage), timeouts };
  return runSelfTest(createChecks(config, context), context);
}

/** Checks everything that this configuration names, by calls that send no email. */
function createChecks(config: DeliveryConfig, context: Context) {
  const { attemptsTableName, beyondIdentity, credentialSecretId } = config;
  return async (deadline: Deadline): Promise<Omit<SelfTestReport, 'status'>> => {
    const [made, tenant] = await Promise.all([
      runChecks(
        {
          table: () => checkTable(attemptsTableName, context.timeouts, deadline),
          directory: () =>
            checkDirectory(
              createDirectory(config.directory, beyondIdentity.platform, context),
              context.timeouts.deliveryMs * DIRECTORY_SHARE,
              deadline,
            ),
        },
        deadline,
      ),
      checkTenant(beyondIdentity, credentialSecretId, context, deadline),
    ]);
    return { checks: [...made, ...tenant.checks], tokenDaysLeft: tenant.tokenDaysLeft };
  };
}
