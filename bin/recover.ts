import { pseudonymOf } from '../functions/adapters/aws/pseudonym.ts';
import { stackNameOf } from '../lib/config/stages.ts';
import { JSON_OPTION, LOCAL_OPTION, readCommandLine, STAGE_OPTIONS } from './command-line.ts';
import { commandFor } from './doctor/check.ts';
import { callerArn } from './help-desk/operator.ts';
import { personNamed } from './help-desk/person.ts';
import { readPseudonymKey } from './help-desk/pseudonym-key.ts';
import { sendRecovery } from './help-desk/recovery.ts';
import { useSimulation } from './simulation-endpoints.ts';
import { outputsOfStack, requiredOutputs, runCommand } from './stack-outputs.ts';

const PERMISSIONS = [
  'cloudformation:DescribeStacks',
  'secretsmanager:GetSecretValue on the secret with the pseudonymization key',
  'events:DescribeEventBus and PutEvents on the event bus',
  'sqs:SendMessage on the outbox',
] as const;

const USAGE = `Sends one person a recovery past the rate limit and the CAPTCHA, through the outbox. Asks nothing.

  npm run recover -- jane@example.com
  npm run recover -- jane@example.com --stage staging

  --stage NAME    the stage that sends it (production)
  --local         the simulation on this machine; PORT is its first port, as for npm start (3000)
  --json          prints one JSON document

Make sure first that the person is who they say. The audit log records your IAM identity. Account and region are
those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...

Required permissions (your identity itself, sts:GetCallerIdentity, needs none):
${PERMISSIONS.map((permission) => `  ${permission}`).join('\n')}`;

const ALL_PERMISSIONS = PERMISSIONS.join('; ');

async function main(): Promise<void> {
  const options = { ...STAGE_OPTIONS, ...LOCAL_OPTION, ...JSON_OPTION };
  const { values, positionals } = readCommandLine(USAGE, options, true);
  const { help, stage, local, json } = values;
  if (help) {
    console.log(USAGE);
    return;
  }
  const { address, user } = personNamed(positionals, 'recover');
  if (local) useSimulation();
  const stack = stackNameOf(stage);
  const outputs = await outputsOfStack(stack, 'name another stage with --stage', ALL_PERMISSIONS);
  const [eventBusName, outboxQueueUrl] = requiredOutputs(stack, outputs, ['EventBusName', 'OutboxQueueUrl']);
  const [key, operator] = await Promise.all([
    readPseudonymKey(outputs, ALL_PERMISSIONS),
    callerArn(ALL_PERMISSIONS),
  ]);
  const mailbox = pseudonymOf(user, key);
  const attemptId = await sendRecovery(
    { stage, eventBusName, outboxQueueUrl, address, mailbox, operator },
    ALL_PERMISSIONS,
  );
  console.log(
    json
      ? JSON.stringify({ stack, attemptId, operator }, null, 2)
      : `The outbox has the recovery, as attempt ${attemptId}.\nFollow it with: ${commandFor({ stage, isLocal: local }, 'lookup', 'ADDRESS')}`,
  );
}

await runCommand(main);
