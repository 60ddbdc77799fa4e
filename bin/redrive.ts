import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { EVENT_TYPES } from '../functions/runtime/event-names.ts';
import { stackNameOf } from '../lib/config/stages.ts';
import { JSON_OPTION, LOCAL_OPTION, readCommandLine, STAGE_OPTIONS } from './command-line.ts';
import { callerArn } from './help-desk/operator.ts';
import { publishOperatorEvent } from './help-desk/operator-event.ts';
import { useSimulation } from './simulation-endpoints.ts';
import { explain, OperatorError, outputsOfStack, requiredOutputs, runCommand } from './stack-outputs.ts';

const PERMISSION_LIST = [
  'cloudformation:DescribeStacks',
  'sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on the dead-letter queue',
  'sqs:SendMessage on the outbox',
  'events:DescribeEventBus and PutEvents on the event bus',
] as const;

const USAGE = `Moves requests from the dead-letter queue back to the outbox, from which they are delivered at once.

  npm run redrive                  moves everything that is in the dead-letter queue
  npm run redrive -- --dry-run     says how much that is, and moves nothing

  --stage NAME    the stage whose queues they are (production)
  --local         the queues of the simulation of npm start; PORT is its first port (3000)
  --json          prints one JSON document

Fix the cause first: the log of the delivery function names it. A request's age counts from the move, so that none is
dropped for the time it spent in the dead-letter queue. The audit log records your IAM identity. Account and region are
those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...

Required permissions:
${PERMISSION_LIST.map((permission) => `  ${permission}`).join('\n')}`;

const PERMISSIONS = PERMISSION_LIST.join('; ');

/** Long polling asks all of SQS's servers, so that an empty response means an empty queue. */
const WAIT_SECONDS = 1;

/** How long a message that is being moved stays out of sight, in seconds. */
const MOVE_SECONDS = 60;

interface Queues {
  deadLetterQueueUrl: string;
  outboxQueueUrl: string;
  eventBusName: string;
}

async function main(): Promise<void> {
  const {
    help,
    stage,
    local,
    json,
    'dry-run': isDryRun,
  } = readCommandLine(USAGE, {
    ...STAGE_OPTIONS,
    ...LOCAL_OPTION,
    ...JSON_OPTION,
    'dry-run': { type: 'boolean', default: false },
  }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  if (local) useSimulation();
  const stack = stackNameOf(stage);
  const queues = await queuesOf(stack);
  const client = new SQSClient();
  try {
    const waiting = await count(client, queues);
    if (isDryRun) {
      const text = `About ${requests(waiting)} in the dead-letter queue. Nothing was moved.`;
      console.log(json ? JSON.stringify({ stack, waiting }, null, 2) : text);
      return;
    }
    await publishAction(stage, queues.eventBusName, waiting);
    const result = await moveAll(client, queues);
    console.log(json ? JSON.stringify({ stack, ...result }, null, 2) : summary(result));
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OperatorError) throw error;
    throw new OperatorError(explain('The queues could not be used', error, PERMISSIONS));
  }
}

async function queuesOf(stack: string): Promise<Queues> {
  const outputs = await outputsOfStack(stack, 'name another stage with --stage', PERMISSIONS);
  const [deadLetterQueueUrl, outboxQueueUrl, eventBusName] = requiredOutputs(stack, outputs, [
    'DeadLetterQueueUrl',
    'OutboxQueueUrl',
    'EventBusName',
  ]);
  return { deadLetterQueueUrl, outboxQueueUrl, eventBusName };
}

/** Throws {@link OperatorError} where the event cannot be published. */
async function publishAction(stage: string, eventBusName: string, waiting: number): Promise<void> {
  const operator = await callerArn(PERMISSIONS);
  const isPublished = await publishOperatorEvent(
    { name: eventBusName, permissions: PERMISSIONS },
    { type: EVENT_TYPES.operatorActed, detail: { stage, operator, action: 'redrive', requests: waiting } },
  );
  if (isPublished) return;
  throw new OperatorError(
    `There is no event bus ${eventBusName}, and nothing is moved without an event of who does it. Deploy the stack again.`,
  );
}

async function count(client: SQSClient, { deadLetterQueueUrl }: Queues): Promise<number> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: deadLetterQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

/**
 * Moves what is there, and nothing twice: what the delivery function cannot read is back within seconds, and would
 * otherwise go round forever. Resolves with how many were moved, and how many of them were seen to come back.
 */
async function moveAll(client: SQSClient, queues: Queues): Promise<{ moved: number; cameBack: number }> {
  const moved = new Set<string>();
  const cameBack = new Set<string>();
  for (;;) {
    const messages = await receive(client, queues);
    const fresh = messages.filter(({ Body = '' }) => !moved.has(Body));
    for (const { Body = '' } of messages) if (moved.has(Body)) cameBack.add(Body);
    if (fresh.length === 0) return { moved: moved.size, cameBack: cameBack.size };
    for (const message of fresh) {
      await move(client, queues, message);
      moved.add(message.Body ?? '');
    }
  }
}

async function receive(client: SQSClient, { deadLetterQueueUrl }: Queues): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: MOVE_SECONDS,
    }),
  );
  return Messages;
}

/** Sent before it is deleted: interrupted in between, it is there twice, and the delivery record prevents a second email. */
async function move(client: SQSClient, queues: Queues, { Body, ReceiptHandle }: Message): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl: queues.outboxQueueUrl, MessageBody: Body }));
  await client.send(new DeleteMessageCommand({ QueueUrl: queues.deadLetterQueueUrl, ReceiptHandle }));
}

function summary({ moved, cameBack }: { moved: number; cameBack: number }): string {
  if (moved === 0) return 'The dead-letter queue is empty. Nothing was moved.';
  const done = `Moved ${requests(moved)} back to the outbox.`;
  if (cameBack === 0) return done;
  return `${done} ${cameBack} came back to the dead-letter queue already: the cause is not fixed. The log of the delivery function names it.`;
}

function requests(number: number): string {
  return number === 1 ? '1 request' : `${number} requests`;
}

await runCommand(main);
