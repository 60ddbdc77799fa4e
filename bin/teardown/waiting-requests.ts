import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

/** Requests that a deletion would lose; as SQS counts, about. */
export interface WaitingRequests {
  outbox: number;
  deadLetters: number;
}

/** Counts what is in the queues of a stack, in delivery and postponed included. Throws {@link OperatorError}. */
export async function countWaiting(
  outputs: ReadonlyMap<string, string>,
  permissions: string,
): Promise<WaitingRequests> {
  const [outbox, deadLetters] = await Promise.all(
    ['OutboxQueueUrl', 'DeadLetterQueueUrl'].map(async (output) => {
      const queueUrl = outputs.get(output);
      if (queueUrl === undefined) {
        throw new OperatorError(`The stack has no output ${output}. Name the right stage with --stage.`);
      }
      return countIn(queueUrl, permissions);
    }),
  );
  return { outbox: outbox ?? 0, deadLetters: deadLetters ?? 0 };
}

async function countIn(queueUrl: string, permissions: string): Promise<number> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  });
  try {
    const { Attributes = {} } = await new SQSClient().send(command, callDeadline());
    return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // an earlier run deleted it
    if (error.name === 'QueueDoesNotExist') return 0;
    throw new OperatorError(explain('The queues could not be counted', error, permissions));
  }
}
