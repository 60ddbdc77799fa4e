import Table from 'cli-table3';
import type { LookedUpRequest, State } from './requests.ts';

const EXPLANATIONS: Readonly<Record<State, string>> = {
  delivered: 'Beyond Identity accepted the request, and emails the link.',
  waiting: 'The request is in the outbox, and is tried again.',
  'not-recoverable': 'Beyond Identity rejects this user: unknown, suspended.',
  dropped: 'The request became too old in the outbox: the user has to ask again.',
  expired: 'The outbox keeps it no longer: it is in the dead-letter queue, or gone.',
  'not-sent': 'Nothing was sent: the outcome says why.',
};

/** What was found, and how far back. */
export interface Lookup {
  requests: readonly LookedUpRequest[];
  days: number;
  /** Whether there are more events than one search returns. */
  isTruncated: boolean;
}

/** The report for a person: a table, and what its states mean. */
export function textReport({ requests, days, isTruncated }: Lookup): string {
  if (requests.length === 0) {
    return `No requests within ${days === 1 ? '1 day' : `${days} days`}. A request that was refused before the address was known is not found: see docs/operations.md#help-desk.`;
  }
  const table = new Table({
    head: ['when (UTC)', 'outcome', 'state', 'request and attempt id'],
    style: { head: [], border: [] },
  });
  for (const { at, outcome, cause, state, stateAt, requestId, attemptId, operator } of requests) {
    table.push([
      timeText(at),
      [outcome ?? 'unknown', cause, operator && `sent by ${operator}`].filter(Boolean).join('\n'),
      `${state}\n${timeText(stateAt)}`,
      `request ${requestId ?? '-'}\nattempt ${attemptId ?? '-'}`,
    ]);
  }
  const states = new Set(requests.map(({ state }) => state));
  return [
    table.toString(),
    ...[...states].map((state) => `${state}: ${EXPLANATIONS[state]}`),
    ...(isTruncated ? ['There is more: search fewer --days.'] : []),
  ].join('\n');
}

/** The report for a program: one JSON document. */
export function jsonReport(stack: string, { requests, days, isTruncated }: Lookup): string {
  return JSON.stringify({ stack, days, isTruncated, requests }, null, 2);
}

function timeText(time: Date): string {
  return time.toISOString().replace('T', ' ').slice(0, 19);
}
