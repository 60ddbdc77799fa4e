import { createReportStatus } from '../../adapters/aws/release-status.ts';
import { createTestVersion } from '../../adapters/aws/version-self-test.ts';
import type { Environment } from '../../runtime/environment.ts';
import { TIMEOUTS, type Timeouts } from '../../runtime/timeouts.ts';
import { readPreTrafficConfig } from '../config.ts';
import { createHook, type HookHandler } from '../hook.ts';

/** The hook before the first request reaches the new versions: each must pass its own self-test. Throws nothing. */
export function createPreTrafficHook(environment: Environment, timeouts: Timeouts = TIMEOUTS): HookHandler {
  const testVersion = createTestVersion(timeouts);
  return createHook({
    subject: 'self-test of the new versions',
    check: async (deadline) => {
      const { versionArns } = readPreTrafficConfig(environment);
      const problems = await Promise.all(versionArns.map((arn) => testVersion(arn, deadline)));
      return problems.flat();
    },
    report: createReportStatus(timeouts),
    timeouts,
  });
}
