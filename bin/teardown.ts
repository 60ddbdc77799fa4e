import { createInterface } from 'node:readline/promises';
import { EVENT_TYPES } from '../functions/runtime/event-names.ts';
import { stackNameOf } from '../lib/config/stages.ts';
import { JSON_OPTION, readCommandLine, STAGE_OPTIONS } from './command-line.ts';
import { callerArn } from './help-desk/operator.ts';
import { publishOperatorEvent } from './help-desk/operator-event.ts';
import { OperatorError, outputsOfStack, runCommand } from './stack-outputs.ts';
import { deleteStack } from './teardown/deletion.ts';
import { keptText, planText, waitingText } from './teardown/report.ts';
import { keptResources, planDeletion, readStack } from './teardown/stack.ts';
import { countWaiting, type WaitingRequests } from './teardown/waiting-requests.ts';

const PERMISSIONS = [
  'cloudformation:DescribeStacks, GetTemplate, ListStackResources and DeleteStack on the stack',
  'sqs:GetQueueAttributes on the outbox and the dead-letter queue',
  'events:DescribeEventBus and PutEvents on the event bus',
  'without a role of the stack, as cdk deploy gives it: the deletion of each resource',
] as const;

const USAGE = `Deletes a deployment: says what is deleted and kept, asks for the name of its stack, and waits for the end.

  npm run teardown -- --dry-run                       says what would be deleted and kept, and how many requests wait
  npm run teardown -- --stage staging                 asks, and deletes
  npm run teardown -- --confirm RecoveryStack         asks nothing, for scripts

  --stage NAME      the stage to delete (production)
  --confirm NAME    the name of its stack, in place of the question
  --drop-waiting    deletes the stack while requests wait, which are lost
  --dry-run         deletes nothing
  --json            prints one JSON document; needs --confirm or --dry-run

The audit log stays, and records your IAM identity. Account and region are those of the AWS CLI: AWS_PROFILE,
AWS_REGION, ...

Required permissions:
${PERMISSIONS.map((permission) => `  ${permission}`).join('\n')}`;

const ALL_PERMISSIONS = PERMISSIONS.join('; ');

async function main(): Promise<void> {
  const { values } = readCommandLine(USAGE, {
    ...STAGE_OPTIONS,
    ...JSON_OPTION,
    confirm: { type: 'string' },
    'drop-waiting': { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
  });
  const { help, stage, json, confirm, 'drop-waiting': dropsWaiting, 'dry-run': isDryRun } = values;
  if (help) {
    console.log(USAGE);
    return;
  }
  const stack = stackNameOf(stage);
  const print = (text: string) => {
    if (!json) console.log(text);
  };
  const outputs = await outputsOfStack(stack, 'name another stage with --stage', ALL_PERMISSIONS);
  const { stackId, isProtected } = await readStack(stack, ALL_PERMISSIONS);
  const [plan, waiting] = await Promise.all([
    planDeletion(stackId, ALL_PERMISSIONS),
    countWaiting(outputs, ALL_PERMISSIONS),
  ]);
  print(planText(stack, plan, waiting));
  if (isDryRun) {
    if (json) console.log(JSON.stringify({ stack, status: 'planned', waiting, ...plan }, null, 2));
    return;
  }
  if (isProtected) {
    throw new OperatorError(
      `The stack ${stack} has termination protection. Switch it off first: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack}`,
    );
  }
  if (!dropsWaiting) rejectWaiting(waiting);
  await requireConfirmation(stack, confirm, json);
  await publishAction(stage, outputs, waiting);
  await deleteStack(stackId, ALL_PERMISSIONS);
  const kept = await keptResources(stackId, ALL_PERMISSIONS);
  print(`The stack ${stack} is deleted.\n${keptText(kept)}`);
  if (json) console.log(JSON.stringify({ stack, status: 'deleted', waiting, kept }, null, 2));
}

/** Says who deletes the deployment, while the bus is there to take it. Throws {@link OperatorError} where it does not. */
async function publishAction(
  stage: string,
  outputs: ReadonlyMap<string, string>,
  { outbox, deadLetters }: WaitingRequests,
): Promise<void> {
  const name = outputs.get('EventBusName');
  // an earlier version has none, and after a deletion that failed it may be gone
  if (name === undefined) return;
  const operator = await callerArn(ALL_PERMISSIONS);
  const requests = outbox + deadLetters;
  const isPublished = await publishOperatorEvent(
    { name, permissions: ALL_PERMISSIONS },
    { type: EVENT_TYPES.operatorActed, detail: { stage, operator, action: 'teardown', requests } },
  );
  if (!isPublished)
    console.error('There is no event bus any more: the audit log does not record who deletes this.');
}

function rejectWaiting(waiting: WaitingRequests): void {
  if (waiting.outbox + waiting.deadLetters === 0) return;
  throw new OperatorError(
    `Requests would be lost (${waitingText(waiting)}). Wait until the outbox is empty, move dead letters back with npm run redrive, or lose them with --drop-waiting.`,
  );
}

async function requireConfirmation(stack: string, confirm: string | undefined, json: boolean): Promise<void> {
  if (confirm === undefined && (json || !process.stdin.isTTY)) {
    throw new OperatorError(`Confirm the deletion with --confirm ${stack}. Nothing was deleted.`);
  }
  if ((confirm ?? (await askFor(stack))) === stack) return;
  throw new OperatorError(`That is not the name of the stack, ${stack}. Nothing was deleted.`);
}

async function askFor(stack: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new AbortController();
  // Ctrl+C and Ctrl+D confirm nothing
  prompt.once('close', () => closed.abort());
  const question = `Type the name of the stack, ${stack}, to delete it: `;
  try {
    return await prompt.question(question, { signal: closed.signal });
  } catch (error) {
    if (closed.signal.aborted) return '';
    throw error;
  } finally {
    prompt.close();
  }
}

await runCommand(main);
