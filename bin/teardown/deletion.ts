import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { callDeadline, OperatorError } from '../stack-outputs.ts';
import { call, failedResources } from './stack.ts';

/** How long a deletion is waited for, and the pause between two looks, in milliseconds. */
export interface Waiting {
  timeoutMs: number;
  pollMs: number;
}

/** CloudFront alone takes a quarter of an hour. */
const WAITING: Waiting = { timeoutMs: 45 * 60_000, pollMs: 5_000 };

/** Deletes a stack, and waits until it is deleted. Throws {@link OperatorError} where it is not. */
export async function deleteStack(
  stackId: string,
  permissions: string,
  { timeoutMs, pollMs }: Waiting = WAITING,
): Promise<void> {
  const client = new CloudFormationClient();
  await call(permissions, () => client.send(new DeleteStackCommand({ StackName: stackId }), callDeadline()));
  const deadline = AbortSignal.timeout(timeoutMs);
  for (;;) {
    const { Stacks: [stack] = [] } = await call(permissions, () =>
      client.send(new DescribeStacksCommand({ StackName: stackId }), callDeadline()),
    );
    if (stack?.StackStatus === 'DELETE_COMPLETE') return;
    if (stack?.StackStatus !== 'DELETE_IN_PROGRESS') {
      const failed = await failedResources(stackId, permissions);
      throw new OperatorError(
        [
          `The stack is ${stack?.StackStatus}. Fix what follows, such as rules of your own on the event bus, and run the command again.`,
          ...failed.map((line) => `  ${line}`),
        ].join('\n'),
      );
    }
    if (deadline.aborted) {
      throw new OperatorError(
        `The stack is not deleted after ${timeoutMs / 60_000} minutes; CloudFormation goes on. Run the command again to wait on.`,
      );
    }
    await pause(pollMs);
  }
}
