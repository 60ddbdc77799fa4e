import { randomUUID } from 'node:crypto';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CALLER_ARN } from '../../local/emulators/operator/deployment.ts';
import { type Sqs, startSqs } from '../../local/emulators/sqs.ts';
import { type RunningServer, startHttpServer } from '../../local/http-server.ts';
import { runCommandProcess } from './command-process.ts';
import { type OperatorServices, startOperatorServices } from './operator-services.ts';

let sqs: Sqs;
let operator: OperatorServices;
let cloudFormation: RunningServer;
let client: SQSClient;
let stackAnswer: { status: number; outputs?: Record<string, string>; code?: string };

beforeEach(async () => {
  sqs = await startSqs({ maximumReceives: 1 });
  operator = await startOperatorServices();
  const outputs = {
    OutboxQueueUrl: sqs.queueUrl,
    DeadLetterQueueUrl: sqs.deadLetterQueueUrl,
    EventBusName: 'bus',
  };
  stackAnswer = { status: 200, outputs };
  cloudFormation = await startHttpServer((_request, response) => {
    const members = Object.entries(stackAnswer.outputs ?? {})
      .map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      )
      .join('');
    response.writeHead(stackAnswer.status, { 'content-type': 'text/xml' });
    response.end(
      stackAnswer.code
        ? `<ErrorResponse><Error><Type>Sender</Type><Code>${stackAnswer.code}</Code><Message>no</Message></Error></ErrorResponse>`
        : `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  client = new SQSClient({
    endpoint: sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
afterEach(async () => {
  client.destroy();
  await Promise.all([sqs.close(), cloudFormation.close(), operator.close()]);
});

function redrive(args: readonly string[] = []) {
  return runCommandProcess('redrive', args, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_STS: operator.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: operator.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}

/** Puts requests into the dead-letter queue, as SQS does: received once, and then once too often. */
async function bury(count: number): Promise<string[]> {
  const bodies = Array.from({ length: count }, () => JSON.stringify({ attemptId: randomUUID() }));
  for (const MessageBody of bodies) {
    await client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody }));
  }
  const receive = { QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  while (sqs.messages.length > 0) await client.send(new ReceiveMessageCommand(receive));
  expect(sqs.deadLetters).toHaveLength(count);
  return bodies;
}

const bodiesOf = (messages: Sqs['messages']) => messages.map(({ body }) => body).sort();

describe('npm run redrive', () => {
  test('moves everything from the dead-letter queue back to the outbox, as new messages', async () => {
    const bodies = await bury(23);
    expect(await redrive()).toEqual({
      exitCode: 0,
      stdout: 'Moved 23 requests back to the outbox.\n',
      stderr: '',
    });
    expect(sqs.deadLetters).toHaveLength(0);
    expect(bodiesOf(sqs.messages)).toEqual(bodies.sort());
    expect(sqs.messages.every(({ receiveCount }) => receiveCount === 0)).toBe(true);
  });

  test('says in an event who moves how much, before it moves it', async () => {
    await bury(2);
    await redrive(['--stage', 'production']);
    expect(operator.events).toEqual([
      {
        type: 'Operator Acted',
        version: 1,
        stage: 'production',
        operator: CALLER_ARN,
        action: 'redrive',
        requests: 2,
      },
    ]);
  });

  test.each([
    [
      'AccessDeniedException',
      'The event of who does this could not be published, and nothing is done without one',
    ],
    [
      'ResourceNotFoundException',
      'There is no event bus bus, and nothing is moved without an event of who does it',
    ],
  ])('moves nothing without its event: %s', async (error, message) => {
    await bury(1);
    operator.error = error;
    const { exitCode, stderr } = await redrive();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(sqs.deadLetters).toHaveLength(1);
  });

  test('prints one JSON document with --json', async () => {
    await bury(1);
    expect(JSON.parse((await redrive(['--json', '--dry-run'])).stdout)).toEqual({
      stack: 'RecoveryStack',
      waiting: 1,
    });
    expect(JSON.parse((await redrive(['--json'])).stdout)).toEqual({
      stack: 'RecoveryStack',
      moved: 1,
      cameBack: 0,
    });
  });

  test('says that there is nothing to move', async () => {
    expect((await redrive()).stdout).toBe('The dead-letter queue is empty. Nothing was moved.\n');
  });

  test('counts only, with --dry-run', async () => {
    await bury(1);
    expect((await redrive(['--dry-run'])).stdout).toBe(
      'About 1 request in the dead-letter queue. Nothing was moved.\n',
    );
    expect(sqs.deadLetters).toHaveLength(1);
  });

  test('moves nothing twice that comes back at once, and says that the cause is not fixed', async () => {
    const [body = ''] = await bury(1);
    // as a delivery function that cannot read it does
    const failing = setInterval(async () => {
      if (sqs.messages.length === 0) return;
      clearInterval(failing);
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl }));
      const deadLetter = { QueueUrl: sqs.deadLetterQueueUrl, MessageBody: body };
      await client.send(new SendMessageCommand(deadLetter));
      const ReceiptHandle = Messages[0]?.ReceiptHandle;
      await client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle }));
    }, 5);
    const { exitCode, stdout } = await redrive();
    clearInterval(failing);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Moved 1 request back to the outbox. 1 came back');
    expect(sqs.messages).toHaveLength(0);
  });

  test('leaves in the dead-letter queue what the outbox does not take', async () => {
    await bury(2);
    sqs.fault({ kind: 'access-denied', operation: 'SendMessage' });
    const { exitCode, stderr } = await redrive();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^The queues could not be used: access denied\. Required permissions: .*sqs:SendMessage/,
    );
    expect(sqs.deadLetters).toHaveLength(2);
    expect(sqs.messages).toHaveLength(0);
  });

  test.each([
    [
      { status: 400, code: 'ValidationError' },
      [],
      'There is no stack RecoveryStack in this account and region.',
    ],
    [{ status: 403, code: 'AccessDenied' }, [], 'Required permissions: cloudformation:DescribeStacks'],
    [
      { status: 200, outputs: {} },
      ['--stage', 'staging'],
      'The stack RecoveryStack-staging has no outputs DeadLetterQueueUrl',
    ],
    [{ status: 200 }, ['--nonsense'], "Unknown option '--nonsense'"],
  ])('fails with one message and the fix: %j %j', async (answer, args, message) => {
    stackAnswer = answer;
    const { exitCode, stdout, stderr } = await redrive(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('explains itself', async () => {
    expect((await redrive(['--help'])).stdout).toContain('--dry-run');
  });
});
