import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Check, callAws, commandFor, type Deployment, ok, problem, skipped } from './check.ts';

const NAME = 'dead-letter queue';

/** Checks that no request has gone to the dead-letter queue. */
export async function checkDeadLetters(deployment: Deployment): Promise<Check[]> {
  const queueUrl = deployment.outputs.get('DeadLetterQueueUrl');
  if (queueUrl === undefined) return [skipped(NAME, 'the stack has no output DeadLetterQueueUrl')];
  return callAws(NAME, async (options) => {
    const { Attributes = {} } = await new SQSClient().send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
      options,
    );
    const count = Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
    if (count === 0) return [ok(NAME, 'is empty')];
    const fix = `Fix the cause, which the log of the delivery function names; then run ${commandFor(deployment, 'redrive')}`;
    return [problem(NAME, `holds ${count === 1 ? '1 request' : `${count} requests`}`, fix)];
  });
}
