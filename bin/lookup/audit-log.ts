import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type ResultField,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod/mini';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

/** How long a query may take, in milliseconds. */
const QUERY_MS = 60_000;

/** The pause before each look at a query, in milliseconds. */
const POLL_MS = 500;

/** The most events that a query returns: the maximum of Logs Insights. */
export const MAXIMUM_EVENTS = 10_000;

const optionalText = z.optional(z.string());

/** One event of the audit log, as far as a lookup needs it. */
const auditEvent = z.object({
  id: z.string(),
  /** When it happened, in UTC, as Logs Insights writes it. */
  at: z.pipe(
    z.string().check(z.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)),
    z.transform((text) => new Date(`${text.replace(' ', 'T')}Z`)),
  ),
  type: z.string(),
  outcome: z.string(),
  cause: optionalText,
  requestId: optionalText,
  attemptId: optionalText,
  operator: optionalText,
});
export type AuditEvent = z.infer<typeof auditEvent>;

/** What is looked for in the audit log. */
export interface AuditQuery {
  logGroupName: string;
  /** All of one person. */
  pseudonyms: readonly string[];
  /** The first moment that counts. */
  since: Date;
}

/** The events with these pseudonyms, oldest first, each once. Throws {@link OperatorError}. */
export async function eventsOf(query: AuditQuery, permissions: string): Promise<AuditEvent[]> {
  try {
    const rows = await run(query);
    const events = rows.map((row) =>
      auditEvent.parse(Object.fromEntries(row.map(({ field, value }) => [field, value]))),
    );
    // EventBridge delivers at least once
    return [...new Map(events.map((event) => [event.id, event])).values()];
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OperatorError) throw error;
    if (error.name === 'ResourceNotFoundException') {
      throw new OperatorError(`The log group ${query.logGroupName} is gone. Deploy the stack again.`);
    }
    throw new OperatorError(explain('The audit log could not be searched', error, permissions));
  }
}

async function run({ logGroupName, pseudonyms, since }: AuditQuery): Promise<ResultField[][]> {
  const client = new CloudWatchLogsClient();
  const { queryId } = await client.send(
    new StartQueryCommand({
      logGroupName,
      queryString: queryFor(pseudonyms),
      startTime: Math.floor(since.getTime() / 1000),
      endTime: Math.ceil(Date.now() / 1000),
    }),
    callDeadline(),
  );
  const deadline = AbortSignal.timeout(QUERY_MS);
  while (!deadline.aborted) {
    await pause(POLL_MS);
    const { status, results = [] } = await client.send(
      new GetQueryResultsCommand({ queryId }),
      callDeadline(),
    );
    if (status === 'Complete') return results;
    if (status !== 'Scheduled' && status !== 'Running') {
      throw new OperatorError(`The query of the audit log ended as ${status}. Try again, with fewer --days.`);
    }
  }
  throw new OperatorError(
    `The query of the audit log took over ${QUERY_MS / 1000} seconds. Try again, with fewer --days.`,
  );
}

/** Pseudonyms are base64url: nothing in them ends a string of the query. */
function queryFor(pseudonyms: readonly string[]): string {
  return [
    'fields id, @timestamp as at, `detail-type` as type, detail.outcome as outcome, detail.cause as cause, detail.requestId as requestId, detail.attemptId as attemptId, detail.operator as operator',
    `filter detail.mailbox in [${pseudonyms.map((pseudonym) => `"${pseudonym}"`).join(', ')}]`,
    'sort @timestamp asc',
    `limit ${MAXIMUM_EVENTS}`,
  ].join(' | ');
}
