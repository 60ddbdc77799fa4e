import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ALARM_NAMES, ALARM_TOPIC_ARN } from '../../../local/emulators/operator/deployment.ts';
import { DEPLOYMENT_PATH, startOperatorApi } from '../../../local/emulators/operator/operator-api.ts';
import type { RunningServer } from '../../../local/http-server.ts';
import { documentAt, headings } from '../../unit/docs/markdown.ts';

let server: RunningServer;
let options: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeEach(async () => {
  server = await startOperatorApi({
    stackName: 'Stack',
    outputs: { Plain: 'value', Marked: '<a> & "b"' },
    selfTests: {
      RecoverUserFunction: async () => ({ status: 'ok' }),
      DeliverOutboxFunction: async () => {
        throw new TypeError('secret');
      },
    },
  });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  options = { endpoint: server.url, region: 'us-east-1', credentials };
});
afterEach(() => server.close());

const control = (init: RequestInit = {}) => fetch(server.url + DEPLOYMENT_PATH, init);
const plant = (faults: object) => control({ method: 'PUT', body: JSON.stringify(faults) });

async function outputs() {
  const command = new DescribeStacksCommand({ StackName: 'Stack' });
  const { Stacks = [] } = await new CloudFormationClient(options).send(command);
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
}

async function alarms() {
  const command = new DescribeAlarmsCommand({ AlarmNamePrefix: 'Stack-', MaxRecords: 100 });
  const { MetricAlarms = [] } = await new CloudWatchClient(options).send(command);
  return MetricAlarms;
}

const invoke = (FunctionName: string, Payload: string) =>
  new LambdaClient(options).send(new InvokeCommand({ FunctionName, Payload }));

describe('the emulated CloudFormation', () => {
  test('describes the stack with its outputs', async () => {
    expect(await outputs()).toEqual({ Plain: 'value', Marked: '<a> & "b"' });
  });

  test('replaces and removes outputs as planted, until it is healed', async () => {
    await plant({ outputs: { Plain: 'other', Marked: null } });
    expect(await outputs()).toEqual({ Plain: 'other' });
    await control({ method: 'DELETE' });
    expect(await outputs()).toMatchObject({ Plain: 'value' });
  });

  test('knows no other stack', async () => {
    const command = new DescribeStacksCommand({ StackName: 'Other' });
    await expect(new CloudFormationClient(options).send(command)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id Other does not exist',
    });
  });
});

describe('the emulated Lambda', () => {
  test.each([
    'RecoverUserFunction:live',
    'RecoverUserFunction:7',
    'arn:aws:lambda:us-east-1:123456789012:function:RecoverUserFunction',
    'arn:aws:lambda:us-east-1:123456789012:function:RecoverUserFunction:7',
  ])('knows a function by %s', async (name) => {
    expect((await invoke(name, '{"kind":"self-test"}')).StatusCode).toBe(200);
  });

  test('invokes a function for its self-test', async () => {
    const { Payload, FunctionError } = await invoke('RecoverUserFunction', '{"kind":"self-test"}');
    expect([FunctionError, Payload?.transformToString()]).toEqual([undefined, '{"status":"ok"}']);
  });

  test('reports a function that throws, without its message', async () => {
    const { Payload, FunctionError } = await invoke('DeliverOutboxFunction', '{"kind":"self-test"}');
    expect(FunctionError).toBe('Unhandled');
    expect(Payload?.transformToString()).toContain('TypeError');
    expect(Payload?.transformToString()).not.toContain('secret');
  });

  test.each([
    ['Unknown', '{"kind":"self-test"}', 'ResourceNotFoundException'],
    ['RecoverUserFunction', '{"httpMethod":"POST"}', 'InvalidRequestContentException'],
  ])('rejects what it does not have: %s %s', async (name, payload, error) => {
    await expect(invoke(name, payload)).rejects.toMatchObject({ name: error });
  });

  test('names the log group', async () => {
    const command = new GetFunctionConfigurationCommand({ FunctionName: 'RecoverUserFunction' });
    const { LoggingConfig } = await new LambdaClient(options).send(command);
    expect(LoggingConfig?.LogGroup).toBe('RecoverUserFunctionLogs');
  });
});

describe('the emulated alarms', () => {
  test('have sections in docs/operations.md', () => {
    expect(headings(documentAt('docs/operations.md').text, 3)).toEqual(
      expect.arrayContaining([...ALARM_NAMES]),
    );
  });

  test('are raised as planted', async () => {
    expect((await alarms()).map(({ StateValue }) => StateValue)).toEqual(ALARM_NAMES.map(() => 'OK'));
    await plant({ raisedAlarms: ['OutboxFailed'] });
    const raised = (await alarms()).filter(({ StateValue }) => StateValue === 'ALARM');
    expect(raised.map(({ AlarmName }) => AlarmName)).toEqual(['Stack-OutboxFailed']);
  });

  test.each([
    [{}, [`${ALARM_TOPIC_ARN}:subscription`]],
    [{ subscription: 'pending' }, ['PendingConfirmation']],
    [{ subscription: 'none' }, []],
  ])('have a topic with the subscription as planted: %j', async (faults, expected) => {
    await plant(faults);
    const command = new ListSubscriptionsByTopicCommand({ TopicArn: ALARM_TOPIC_ARN });
    const { Subscriptions = [] } = await new SNSClient(options).send(command);
    expect(Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual(expected);
  });

  test('have one topic', async () => {
    const command = new ListSubscriptionsByTopicCommand({ TopicArn: 'arn:aws:sns:us-east-1:1:other' });
    await expect(new SNSClient(options).send(command)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('the control of planted faults', () => {
  test('shows them', async () => {
    await plant({ subscription: 'pending' });
    expect(await (await control()).json()).toEqual({ subscription: 'pending' });
  });

  test.each([
    [{ method: 'PUT', body: '{"raisedAlarms":["Unknown"]}' }, 400],
    [{ method: 'PUT', body: '{' }, 400],
    [{ method: 'POST', body: '{}' }, 405],
    [{ headers: { origin: 'https://evil.example' } }, 403],
  ])('rejects %j with %i', async (init, status) => {
    expect((await control(init)).status).toBe(status);
  });
});

test.each([
  [{}, 403],
  [
    {
      authorization: `AWS4-HMAC-SHA256 Credential=a/1/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    },
    400,
  ],
])('a request without a signature, or for another operation, is rejected: %j', async (headers, status) => {
  const response = await fetch(server.url, { method: 'POST', headers, body: 'Action=CreateTopic' });
  expect(response.status).toBe(status);
});
