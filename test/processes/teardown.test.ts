import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CALLER_ARN } from '../../local/emulators/operator/deployment.ts';
import { type Sqs, startSqs } from '../../local/emulators/sqs.ts';
import type { RunningServer } from '../../local/http-server.ts';
import { runCommandProcess } from './command-process.ts';
import { type OperatorServices, startOperatorServices } from './operator-services.ts';
import { type EmulatedStack, startCloudFormation } from './teardown-stack.ts';

let sqs: Sqs;
let operator: OperatorServices;
let stack: EmulatedStack;
let cloudFormation: RunningServer;

beforeEach(async () => {
  sqs = await startSqs();
  operator = await startOperatorServices();
  const outputs = {
    OutboxQueueUrl: sqs.queueUrl,
    DeadLetterQueueUrl: sqs.deadLetterQueueUrl,
    EventBusName: 'bus',
  };
  stack = { outputs, isProtected: false, deletedAs: 'DELETE_COMPLETE', isDeleted: false };
  cloudFormation = await startCloudFormation(stack);
});
afterEach(() => Promise.all([sqs.close(), cloudFormation.close(), operator.close()]));

const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

function teardown(...args: readonly string[]) {
  return runCommandProcess('teardown', args, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_STS: operator.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: operator.url,
    ...credentials,
  });
}

async function queue(QueueUrl: string): Promise<void> {
  const {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  } = credentials;
  const client = new SQSClient({ endpoint: sqs.url, region, credentials: { accessKeyId, secretAccessKey } });
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  client.destroy();
}

const KEPT = `kept: 1 resource, at a small cost until deleted by hand
  AWS::SecretsManager::Secret physical-Key
`;

describe('npm run teardown', () => {
  test('says what is deleted and kept, deletes, and says what stayed', async () => {
    expect(await teardown('--confirm', 'RecoveryStack')).toEqual({
      exitCode: 0,
      stdout: `Stack RecoveryStack
deleted: 2 resources, with their data
  AWS::DynamoDB::Table
  AWS::Events::EventBus
${KEPT}waiting: about 0 in the outbox, 0 in the dead-letter queue
The stack RecoveryStack is deleted.
${KEPT}`,
      stderr: '',
    });
    expect(stack.isDeleted).toBe(true);
  });

  test('says in an event who deletes what, before it deletes it', async () => {
    await queue(sqs.queueUrl);
    await teardown('--confirm', 'RecoveryStack', '--drop-waiting');
    const action = { operator: CALLER_ARN, action: 'teardown', requests: 1 };
    expect(operator.events).toEqual([{ type: 'Operator Acted', version: 1, stage: 'production', ...action }]);
  });

  test('deletes nothing where its event cannot be published', async () => {
    operator.error = 'AccessDeniedException';
    const { exitCode, stderr } = await teardown('--confirm', 'RecoveryStack');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The event of who does this could not be published');
    expect(stack.isDeleted).toBe(false);
  });

  test('deletes the rest after an earlier run deleted the event bus', async () => {
    operator.error = 'ResourceNotFoundException';
    expect((await teardown('--confirm', 'RecoveryStack')).exitCode).toBe(0);
    expect(stack.isDeleted).toBe(true);
  });

  test('prints one JSON document with --json', async () => {
    const { stdout } = await teardown('--confirm', 'RecoveryStack', '--json');
    expect(JSON.parse(stdout)).toEqual({
      stack: 'RecoveryStack',
      status: 'deleted',
      waiting: { outbox: 0, deadLetters: 0 },
      kept: [{ logicalId: 'Key', type: 'AWS::SecretsManager::Secret', physicalId: 'physical-Key' }],
    });
  });

  test('deletes nothing with --dry-run', async () => {
    const { exitCode, stdout } = await teardown('--dry-run', '--json');
    expect({ exitCode, report: JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      report: { status: 'planned', kept: [{ logicalId: 'Key' }], deleted: [{}, {}] },
    });
    expect(stack.isDeleted).toBe(false);
  });

  test.each([['outbox'], ['dead-letter queue']])(
    'deletes nothing while a request is in the %s',
    async (name) => {
      await queue(name === 'outbox' ? sqs.queueUrl : sqs.deadLetterQueueUrl);
      const { exitCode, stderr } = await teardown('--confirm', 'RecoveryStack');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^Requests would be lost \\(.*1 in the ${name}.*--drop-waiting\\.$`, 'm'),
      );
      expect(stack.isDeleted).toBe(false);
    },
  );

  test('deletes waiting requests with --drop-waiting', async () => {
    await queue(sqs.queueUrl);
    expect((await teardown('--confirm', 'RecoveryStack', '--drop-waiting')).exitCode).toBe(0);
    expect(stack.isDeleted).toBe(true);
  });

  test.each<[string, readonly string[], Partial<EmulatedStack>, RegExp]>([
    ['no confirmation', [], {}, /^Confirm the deletion with --confirm RecoveryStack\. Nothing was deleted/],
    ['another name', ['--confirm', 'recoverystack'], {}, /^That is not the name of the stack, RecoveryStack/],
    [
      'termination protection',
      ['--confirm', 'RecoveryStack'],
      { isProtected: true },
      /Switch it off first: aws cloudformation update-termination-protection --no-enable-.* RecoveryStack$/m,
    ],
    ['an older stack', ['--dry-run'], { outputs: {} }, /^The stack has no output OutboxQueueUrl/],
    ['an unknown option', ['--local'], {}, /^Unknown option '--local'/],
  ])('deletes nothing, and names the fix: %s', async (_name, args, planted, message) => {
    Object.assign(stack, planted);
    const { exitCode, stderr } = await teardown(...args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stack.isDeleted).toBe(false);
  });

  test('names what could not be deleted, after an earlier run deleted the queues', async () => {
    stack.deletedAs = 'DELETE_FAILED';
    stack.outputs = {
      OutboxQueueUrl: `${sqs.url}/123456789012/a`,
      DeadLetterQueueUrl: `${sqs.url}/123456789012/b`,
    };
    const { exitCode, stderr } = await teardown('--confirm', 'RecoveryStack');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Bus: it has rules');
  });

  test('lists the permissions that it needs with --help', async () => {
    expect((await teardown('--help')).stdout).toMatch(
      /Required permissions:\n {2}cloudformation:DescribeStacks/,
    );
  });
});
