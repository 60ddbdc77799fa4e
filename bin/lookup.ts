import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { pseudonymOf } from '../functions/adapters/aws/pseudonym.ts';
import { knownUser } from '../functions/core/directory.ts';
import { stackNameOf } from '../lib/config/stages.ts';
import { JSON_OPTION, LOCAL_OPTION, readCommandLine, STAGE_OPTIONS } from './command-line.ts';
import { personNamed } from './help-desk/person.ts';
import { readPseudonymKey } from './help-desk/pseudonym-key.ts';
import { eventsOf, MAXIMUM_EVENTS } from './lookup/audit-log.ts';
import { jsonReport, textReport } from './lookup/report.ts';
import { requestsIn } from './lookup/requests.ts';
import { useSimulation } from './simulation-endpoints.ts';
import {
  callDeadline,
  explain,
  OperatorError,
  outputsOfStack,
  requiredOutputs,
  runCommand,
} from './stack-outputs.ts';

const PERMISSIONS = [
  'cloudformation:DescribeStacks',
  'secretsmanager:GetSecretValue on the secret with the pseudonymization key',
  'logs:StartQuery on the audit log group',
  'logs:GetQueryResults',
  'sqs:GetQueueAttributes on the outbox',
] as const;

const USAGE = `Shows what became of the recovery requests of one person, and of nobody else. Changes nothing.

  npm run lookup -- jane@example.com
  npm run lookup -- jane@example.com --days 30 --stage staging

  --days N          how far back (7)
  --reference ID    with the directory dynamodb or lambda: the user's reference there, whose requests are counted by it
  --stage NAME      the stage to search (production)
  --local           the simulation on this machine; PORT is its first port, as for npm start (3000)
  --json            prints one JSON document

The exit code is 0 if there are no requests, too. Account and region are those of the AWS CLI: AWS_PROFILE,
AWS_REGION, ...

Required permissions:
${PERMISSIONS.map((permission) => `  ${permission}`).join('\n')}`;

const ALL_PERMISSIONS = PERMISSIONS.join('; ');

async function main(): Promise<void> {
  const { values, positionals } = readCommandLine(
    USAGE,
    {
      ...STAGE_OPTIONS,
      ...LOCAL_OPTION,
      ...JSON_OPTION,
      days: { type: 'string', default: '7' },
      reference: { type: 'string' },
    },
    true,
  );
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { user } = personNamed(positionals, 'lookup');
  const days = daysOf(values.days);
  if (values.local) useSimulation();
  const stack = stackNameOf(values.stage);
  const outputs = await outputsOfStack(stack, 'name another stage with --stage', ALL_PERMISSIONS);
  const [logGroupName, outboxQueueUrl] = requiredOutputs(stack, outputs, [
    'AuditLogGroupName',
    'OutboxQueueUrl',
  ]);
  const key = await readPseudonymKey(outputs, ALL_PERMISSIONS);
  const users = values.reference === undefined ? [user] : [user, knownUser(values.reference, []).user];
  const now = new Date();
  const [events, outboxSeconds] = await Promise.all([
    eventsOf(
      {
        logGroupName,
        pseudonyms: users.map((name) => pseudonymOf(name, key)),
        since: new Date(now.getTime() - days * 86_400_000),
      },
      ALL_PERMISSIONS,
    ),
    retentionOf(outboxQueueUrl),
  ]);
  const requests = requestsIn(events, { now, outboxSeconds });
  const lookup = { requests, days, isTruncated: events.length >= MAXIMUM_EVENTS };
  console.log(values.json ? jsonReport(stack, lookup) : textReport(lookup));
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3653) return days;
  throw new OperatorError('--days must be a whole number from 1 to 3653.');
}

/** How long the outbox keeps a message, in seconds. */
async function retentionOf(queueUrl: string): Promise<number> {
  try {
    const command = new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['MessageRetentionPeriod'],
    });
    const { Attributes } = await new SQSClient().send(command, callDeadline());
    return Number(Attributes?.MessageRetentionPeriod ?? 0);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new OperatorError(explain('The outbox could not be looked at', error, ALL_PERMISSIONS));
  }
}

await runCommand(main);
