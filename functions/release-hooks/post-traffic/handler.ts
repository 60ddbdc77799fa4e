import { createReportStatus } from '../../adapters/aws/release-status.ts';
import { smokeTest } from '../../adapters/http/smoke-test.ts';
import type { Environment } from '../../runtime/environment.ts';
import { TIMEOUTS, type Timeouts } from '../../runtime/timeouts.ts';
import { readPostTrafficConfig } from '../config.ts';
import { createHook, type HookHandler } from '../hook.ts';

/** The hook after all requests reach the new version: the endpoint must respond as it should. Throws nothing. */
export function createPostTrafficHook(environment: Environment, timeouts: Timeouts = TIMEOUTS): HookHandler {
  return createHook({
    subject: 'smoke test of the endpoint',
    check: async (deadline) => smokeTest(readPostTrafficConfig(environment).endpointUrl, deadline),
    report: createReportStatus(timeouts),
    timeouts,
  });
}
