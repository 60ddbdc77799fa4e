import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { eventsOf } from '../../../bin/lookup/audit-log.ts';

const logs = mockClient(CloudWatchLogsClient);
const QUERY = { logGroupName: 'audit', pseudonyms: ['one', 'two'], since: new Date(1_000_000) };

beforeEach(() => {
  logs.reset();
  logs.on(StartQueryCommand).resolves({ queryId: 'query' });
});
afterEach(() => {
  logs.reset();
});

const row = (id: string) =>
  Object.entries({ id, at: '2026-11-24 11:30:00.250', type: 'Recovery Requested', outcome: 'forwarded' }).map(
    ([field, value]) => ({ field, value }),
  );

const search = () => eventsOf(QUERY, 'logs:StartQuery');

test('searches for the pseudonyms alone, until the query is complete', async () => {
  logs
    .on(GetQueryResultsCommand)
    .resolvesOnce({ status: 'Scheduled' })
    .resolves({ status: 'Complete', results: [row('1')] });
  expect(await search()).toEqual([
    {
      id: '1',
      at: new Date('2026-11-24T11:30:00.250Z'),
      type: 'Recovery Requested',
      outcome: 'forwarded',
    },
  ]);
  const input = logs.commandCalls(StartQueryCommand)[0]?.args[0].input;
  expect(input).toMatchObject({ logGroupName: 'audit', startTime: 1000 });
  expect(input?.queryString).toContain('| filter detail.mailbox in ["one", "two"] |');
});

test('has an event once that EventBridge delivered twice', async () => {
  logs.on(GetQueryResultsCommand).resolves({ status: 'Complete', results: [row('1'), row('1'), row('2')] });
  expect((await search()).map(({ id }) => id)).toEqual(['1', '2']);
});

test.each(['Failed', 'Cancelled', 'Timeout'] as const)('says that the query ended as %s', async (status) => {
  logs.on(GetQueryResultsCommand).resolves({ status });
  await expect(search()).rejects.toThrow(`ended as ${status}. Try again, with fewer --days.`);
});

test.each([
  ['ResourceNotFoundException', 'The log group audit is gone. Deploy the stack again.'],
  ['AccessDeniedException', 'access denied. Required permissions: logs:StartQuery.'],
])('explains %s', async (name, message) => {
  logs.on(StartQueryCommand).rejects(Object.assign(new Error('quotes the query'), { name }));
  await expect(search()).rejects.toThrow(message);
});
