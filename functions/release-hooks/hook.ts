import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import type { ReportStatus } from '../adapters/aws/release-status.ts';
import { type ReleaseCheck, repeatCheck } from '../core/release-check.ts';
import { startDeadline } from '../runtime/deadline.ts';
import { SERVICE } from '../runtime/metric-names.ts';
import type { Timeouts } from '../runtime/timeouts.ts';

/** What CodeDeploy invokes a hook with. */
const hookEvent = z.object({ DeploymentId: z.string(), LifecycleEventHookExecutionId: z.string() });

/** Responds to an event of CodeDeploy, once it has reported how the check ended. */
export type HookHandler = (event: unknown) => Promise<void>;

/** What a hook consists of. */
export interface HookOptions {
  /** What the hook finds out about the release, in a log line: `<subject> passed`, `<subject> failed`. */
  subject: string;
  check: ReleaseCheck;
  report: ReportStatus;
  timeouts: Timeouts;
}

/**
 * Makes a check a hook of CodeDeploy. Whatever is wrong fails the deployment in time, the configuration of the hook
 * included. Throws only where it cannot report: for an event that is not CodeDeploy's, or when the report fails.
 */
export function createHook({ subject, check, report, timeouts }: HookOptions): HookHandler {
  const logger = new Logger({ serviceName: SERVICE });
  const { releaseTries: tries, releaseTestMs: testMs, releasePauseMs: pauseMs, releaseMs } = timeouts;
  return async (event) => {
    const { DeploymentId: deploymentId, LifecycleEventHookExecutionId } = hookEvent.parse(event);
    const deadline = startDeadline(releaseMs);
    const problems = await repeatCheck(check, { tries, testMs, pauseMs }, deadline).finally(deadline.clear);
    if (problems.length === 0) logger.info(`${subject} passed`, { deploymentId });
    else logger.error(`${subject} failed`, { deploymentId, problems });
    const execution = { deploymentId, lifecycleEventHookExecutionId: LifecycleEventHookExecutionId };
    await report(execution, problems.length === 0 ? 'Succeeded' : 'Failed');
  };
}
