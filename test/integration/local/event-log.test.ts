import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AUDIT_LOG_GROUP_NAME,
  CALLER_ARN,
  EVENT_BUS_NAME,
} from '../../../local/emulators/operator/deployment.ts';
import type { LoggedEvent } from '../../../local/emulators/operator/event-log.ts';
import { startOperatorApi } from '../../../local/emulators/operator/operator-api.ts';
import type { RunningServer } from '../../../local/http-server.ts';

let server: RunningServer;
let events: LoggedEvent[];
let options: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeEach(async () => {
  events = [];
  const selfTest = async () => ({});
  server = await startOperatorApi({
    stackName: 'Stack',
    outputs: {},
    selfTests: { RecoverUserFunction: selfTest, DeliverOutboxFunction: selfTest },
    onEvent: (event) => events.push(event),
  });
  options = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
});
afterEach(() => server.close());

const put = (detail: object, EventBusName = EVENT_BUS_NAME) =>
  new EventBridgeClient(options).send(
    new PutEventsCommand({
      Entries: [{ EventBusName, Source: 'source', DetailType: 'type', Detail: JSON.stringify(detail) }],
    }),
  );

const start = ({
  queryString = '| filter detail.mailbox in ["one", "two"] |',
  logGroupName = AUDIT_LOG_GROUP_NAME,
  endTime = Math.ceil(Date.now() / 1000),
} = {}) =>
  new CloudWatchLogsClient(options).send(
    new StartQueryCommand({ logGroupName, queryString, startTime: endTime - 60, endTime }),
  );

const results = (queryId: string | undefined) =>
  new CloudWatchLogsClient(options).send(new GetQueryResultsCommand({ queryId }));

describe('the emulated event bus', () => {
  test('keeps events of its name, and drops others without an error, as EventBridge does', async () => {
    expect(await put({ mailbox: 'one' })).toMatchObject({ FailedEntryCount: 0 });
    expect(await put({ mailbox: 'one' }, 'other')).toMatchObject({ FailedEntryCount: 0 });
    expect(events).toEqual([{ 'detail-type': 'type', detail: { mailbox: 'one' } }]);
  });
});

describe('the emulated Logs Insights', () => {
  test('finds the events of the pseudonyms in a query that runs at first', async () => {
    await put({ mailbox: 'two', outcome: 'queued' });
    await put({ mailbox: 'three', outcome: 'queued' });
    const { queryId } = await start();
    expect(await results(queryId)).toMatchObject({ status: 'Running', results: [] });
    const { status, results: rows = [] } = await results(queryId);
    expect([status, rows.length]).toEqual(['Complete', 1]);
    expect(rows[0]).toContainEqual({ field: 'outcome', value: 'queued' });
    expect(rows[0]?.map(({ field }) => field)).toEqual(['id', 'at', 'type', 'outcome']);
  });

  test('finds nothing outside the time of the query', async () => {
    await put({ mailbox: 'one' });
    const { queryId } = await start({ endTime: 100 });
    await results(queryId);
    expect((await results(queryId)).results).toEqual([]);
  });

  test('rejects another log group, another filter and an unknown query', async () => {
    await expect(start({ logGroupName: 'other' })).rejects.toThrow('Log group does not exist');
    await expect(start({ queryString: 'fields @message' })).rejects.toThrow('one filter only');
    await expect(results('unknown')).rejects.toThrow('Query does not exist');
  });
});

test('the emulated STS names the caller', async () => {
  expect(await new STSClient(options).send(new GetCallerIdentityCommand())).toMatchObject({
    Arn: CALLER_ARN,
  });
});
