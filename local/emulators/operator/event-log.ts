import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { type AwsResponse, jsonError } from './aws-response.ts';

/** What rules of the bus see of an event, as far as it is emulated. */
export interface LoggedEvent {
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An event bus with a log group as its only target, and Logs Insights over it. */
export interface EventLog {
  /** Answers an operation of EventBridge or CloudWatch Logs; `undefined` for one that is not emulated. */
  call(target: string, body: string): AwsResponse | undefined;
}

const putEventsInput = z.strictObject({
  Entries: z.array(
    z.strictObject({
      EventBusName: z.string(),
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
    }),
  ),
});
const detail = z.record(z.string(), z.unknown());
const startQueryInput = z.strictObject({
  logGroupName: z.string(),
  queryString: z.string(),
  startTime: z.number(),
  endTime: z.number(),
});
const describeEventBusInput = z.strictObject({ Name: z.string() });
const queryResultsInput = z.strictObject({ queryId: z.string() });

/** The only filter that is emulated: the events of these pseudonyms. */
const FILTER = /\| filter detail\.mailbox in \[([^\]]*)\] \|/;

const FIELDS = ['outcome', 'cause', 'requestId', 'attemptId', 'operator'] as const;

/** Starts with an empty log; `onEvent` is called with each event of the bus. */
export function createEventLog(
  { busName, logGroupName }: { readonly busName: string; readonly logGroupName: string },
  onEvent: (event: LoggedEvent) => void = () => {},
): EventLog {
  const lines: { id: string; at: Date; event: LoggedEvent }[] = [];
  /** The results of each query; it runs until it is asked for a second time. */
  const queries = new Map<string, { rows: object[]; isComplete: boolean }>();

  function putEvents(body: string): AwsResponse {
    const input = parseJson(putEventsInput, body);
    if ('problem' in input) return jsonError('ValidationException', input.problem);
    const results = input.value.Entries.map(({ EventBusName, DetailType, Detail }) => {
      const parsed = parseJson(detail, Detail);
      if ('problem' in parsed) return { ErrorCode: 'MalformedDetail' };
      const id = randomUUID();
      // as AWS does: an event for a bus that does not exist is taken, and dropped
      if (EventBusName !== busName) return { EventId: id };
      const event = { 'detail-type': DetailType, detail: parsed.value };
      lines.push({ id, at: new Date(), event });
      onEvent(event);
      return { EventId: id };
    });
    const failed = results.filter((result) => 'ErrorCode' in result).length;
    return { json: { FailedEntryCount: failed, Entries: results } };
  }

  function describeEventBus(body: string): AwsResponse {
    const input = parseJson(describeEventBusInput, body);
    if ('problem' in input) return jsonError('ValidationException', input.problem);
    if (input.value.Name === busName) return { json: { Name: busName } };
    return jsonError('ResourceNotFoundException', `Event bus ${input.value.Name} does not exist.`);
  }

  function startQuery(body: string): AwsResponse {
    const input = parseJson(startQueryInput, body);
    if ('problem' in input) return jsonError('InvalidParameterException', input.problem);
    const { queryString, startTime, endTime } = input.value;
    if (input.value.logGroupName !== logGroupName) {
      return jsonError('ResourceNotFoundException', 'Log group does not exist');
    }
    const wanted = queryString.match(FILTER)?.[1];
    if (wanted === undefined)
      return jsonError('MalformedQueryException', 'The emulator has one filter only.');
    const queryId = randomUUID();
    const found = lines.filter(
      ({ at, event }) =>
        wanted.includes(`"${event.detail['mailbox']}"`) &&
        at.getTime() >= startTime * 1000 &&
        at.getTime() <= endTime * 1000,
    );
    queries.set(queryId, { rows: found.map(rowOf), isComplete: false });
    return { json: { queryId } };
  }

  function getQueryResults(body: string): AwsResponse {
    const input = parseJson(queryResultsInput, body);
    const query = 'value' in input ? queries.get(input.value.queryId) : undefined;
    if (query === undefined) return jsonError('ResourceNotFoundException', 'Query does not exist');
    if (query.isComplete) return { json: { status: 'Complete', results: query.rows } };
    query.isComplete = true;
    return { json: { status: 'Running', results: [] } };
  }

  const operations: Readonly<Record<string, (body: string) => AwsResponse>> = {
    'AWSEvents.PutEvents': putEvents,
    'AWSEvents.DescribeEventBus': describeEventBus,
    'Logs_20140328.StartQuery': startQuery,
    'Logs_20140328.GetQueryResults': getQueryResults,
  };
  return { call: (target, body) => operations[target]?.(body) };
}

/** A row as Logs Insights has it: fields without a value are left out. */
function rowOf({ id, at, event }: { id: string; at: Date; event: LoggedEvent }) {
  const cells = {
    id,
    at: at.toISOString().replace('T', ' ').replace('Z', ''),
    type: event['detail-type'],
    ...Object.fromEntries(FIELDS.map((name) => [name, event.detail[name]])),
  };
  return Object.entries(cells).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, value: String(value) }],
  );
}
