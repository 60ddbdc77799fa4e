import type { ChildProcess } from 'node:child_process';
import * as z from 'zod/mini';
import { forkScript, nextMessage } from './forked-script.ts';

const standIns = z.object({
  tenantUrl: z.string(),
  secretsManagerUrl: z.string(),
  secretId: z.string(),
  dynamoDbUrl: z.string(),
  attemptsTableName: z.string(),
});
const standInsRecord = z.object({
  recoveries: z.int(),
  rateLimiterDecisions: z.int(),
  ledgerP50Ms: z.number(),
});

/** Where the stand-ins are, which secret holds the API token, and which table the attempts. */
export type StandIns = z.infer<typeof standIns>;

/**
 * What the stand-ins saw so far: requests for recovery at the tenant, decisions of the rate limiter, and the median
 * of how long DynamoDB's stand-in itself took for one, in milliseconds (0 where there was none).
 */
export type StandInsRecord = z.infer<typeof standInsRecord>;

/** The stand-ins, running in a process of their own. */
export interface RunningStandIns extends StandIns {
  readonly child: ChildProcess;
  record(): Promise<StandInsRecord>;
  close(): void;
}

/** Starts the stand-ins; rejects when they end instead of starting, or when the signal aborts. */
export async function startStandIns(signal: AbortSignal): Promise<RunningStandIns> {
  const { child, message } = await forkScript({ script: 'stand-ins.ts' }, standIns, signal);
  return {
    ...message,
    child,
    record: () => {
      child.send('record');
      return nextMessage(child, standInsRecord, signal);
    },
    close: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Settings with which the function, and the SDK in it, goes to the stand-ins; its attempts it keeps itself. */
export function settingsFor({ tenantUrl, secretsManagerUrl, secretId }: StandIns): Record<string, string> {
  return {
    API_TOKEN_SECRET_ID: secretId,
    BEYOND_IDENTITY_API_URL: tenantUrl,
    AUDIT_LOG_GROUP_NAME: '',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManagerUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_SESSION_TOKEN: 'simulated',
  };
}

/** Settings with which it keeps its attempts in the stand-in's table. */
export function rateLimiterSettingsFor({ dynamoDbUrl, attemptsTableName }: StandIns): Record<string, string> {
  return { ATTEMPTS_TABLE_NAME: attemptsTableName, AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl };
}
