import { DEFAULT_STAGE } from '../../lib/config/stages.ts';
import { callDeadline, causeOf } from '../stack-outputs.ts';

/** What one check came to. Its texts hold nothing secret and no address. */
export interface Check {
  status: 'ok' | 'problem' | 'skipped';
  name: string;
  detail: string;
  /** What to do about a problem. */
  fix?: string;
}

/** What the checks are about. */
export interface Deployment {
  stage: string;
  stack: string;
  outputs: ReadonlyMap<string, string>;
  /** Whether it is the simulation of `npm start`. */
  isLocal: boolean;
}

/** The IAM permissions that all checks need, of which a denied call names the lot. */
export const PERMISSIONS = [
  'cloudformation:DescribeStacks',
  'secretsmanager:DescribeSecret',
  'lambda:InvokeFunction',
  'lambda:GetFunctionConfiguration',
  'sns:ListSubscriptionsByTopic',
  'cloudwatch:DescribeAlarms',
  'sqs:GetQueueAttributes',
] as const;

export function ok(name: string, detail: string): Check {
  return { status: 'ok', name, detail };
}

export function problem(name: string, detail: string, fix: string): Check {
  return { status: 'problem', name, detail, fix };
}

export function skipped(name: string, detail: string): Check {
  return { status: 'skipped', name, detail };
}

/** The command that deploys again, in a fix. */
export function deployCommand({ stage, isLocal }: Pick<Deployment, 'stage' | 'isLocal'>): string {
  if (isLocal) return 'npm start';
  return stage === DEFAULT_STAGE ? 'npm run deploy' : `npm run deploy -- -c stage=${stage}`;
}

/** A command of this project with the arguments that name the deployment, in a fix. */
export function commandFor(
  { stage, isLocal }: Pick<Deployment, 'stage' | 'isLocal'>,
  command: string,
  ...options: readonly string[]
): string {
  const where = isLocal ? ['--local'] : stage === DEFAULT_STAGE ? [] : ['--stage', stage];
  const all = [...where, ...options];
  return [`npm run ${command}`, ...(all.length > 0 ? ['--', ...all] : [])].join(' ');
}

/** Makes a call to AWS within a deadline, and turns an error into a problem of this name, unless `onError` explains it. */
export async function callAws(
  name: string,
  call: (options: { abortSignal: AbortSignal }) => Promise<Check[]>,
  { timeoutMs, onError }: { timeoutMs?: number; onError?: (error: Error) => Check | undefined } = {},
): Promise<Check[]> {
  try {
    return await call(callDeadline(timeoutMs));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { reason, fix = 'Check the network and AWS_REGION, and try again.' } = causeOf(
      error,
      PERMISSIONS.join(', '),
    );
    return [onError?.(error) ?? problem(name, reason, fix)];
  }
}
