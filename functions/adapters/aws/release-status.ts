import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy';
import type { Timeouts } from '../../runtime/timeouts.ts';

/** The run of a hook that CodeDeploy waits for. */
export interface HookExecution {
  deploymentId: string;
  lifecycleEventHookExecutionId: string;
}

/** What CodeDeploy goes by: it continues the deployment, or takes it back. */
export type HookStatus = 'Succeeded' | 'Failed';

/** Reports how a hook ended. Throws what the SDK throws, after its repetitions and within the deadline of a report. */
export type ReportStatus = (execution: HookExecution, status: HookStatus) => Promise<void>;

/** Reports to CodeDeploy, which waits for an hour if nobody does. Takes `PutLifecycleEventHookExecutionStatus`. */
export function createReportStatus({ releaseReportMs, releaseReportRequestMs }: Timeouts): ReportStatus {
  const client = new CodeDeployClient({
    maxAttempts: 4,
    requestHandler: { requestTimeout: releaseReportRequestMs, throwOnRequestTimeout: true },
  });
  return async (execution, status) => {
    const command = new PutLifecycleEventHookExecutionStatusCommand({ ...execution, status });
    await client.send(command, { abortSignal: AbortSignal.timeout(releaseReportMs) });
  };
}
