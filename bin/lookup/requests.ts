import { EVENT_TYPES } from '../../functions/runtime/event-names.ts';
import type { AuditEvent } from './audit-log.ts';

/** What has become of a request by now. */
export type State =
  /** Beyond Identity accepted it, and emails the link. */
  | 'delivered'
  /** It is in the outbox, and is tried again. */
  | 'waiting'
  /** Beyond Identity rejected this user. */
  | 'not-recoverable'
  /** It became too old in the outbox. */
  | 'dropped'
  /** It waited for longer than the outbox keeps it: it is in the dead-letter queue, or gone. */
  | 'expired'
  /** It was rate limited, or the caller learned that it failed. */
  | 'not-sent';

/** A request, and what became of it. */
export interface LookedUpRequest {
  at: Date;
  /** Absent where its own event is older than the search, or lost. */
  outcome?: string | undefined;
  cause?: string | undefined;
  requestId?: string | undefined;
  attemptId?: string | undefined;
  /** Who sent it from the help desk. */
  operator?: string | undefined;
  state: State;
  /** When that was last known. */
  stateAt: Date;
}

/** What the outbox does to a request that nobody delivers. */
export interface Retention {
  now: Date;
  /** How long the outbox keeps a message. */
  outboxSeconds: number;
}

/** The requests that the events (oldest first) are about; each attempt is one. */
export function requestsIn(events: readonly AuditEvent[], retention: Retention): LookedUpRequest[] {
  const byAttempt = Map.groupBy(events, ({ attemptId, id }) => attemptId ?? id);
  return [...byAttempt.values()].flatMap((attempt) => {
    // a duplicate says nothing new: the attempt was done before
    const news = attempt.filter(({ outcome }) => outcome !== 'duplicate');
    const request = attempt.findLast(({ type }) => type !== EVENT_TYPES.deliveryAttempted);
    const last = news.findLast(({ type }) => type === EVENT_TYPES.deliveryAttempted) ?? request ?? attempt[0];
    if (last === undefined) return [];
    return [
      {
        at: (request ?? last).at,
        outcome: request?.outcome,
        cause: request?.cause,
        requestId: request?.requestId,
        attemptId: last.attemptId,
        operator: request?.operator,
        state: stateAfter(last, retention),
        stateAt: last.at,
      },
    ];
  });
}

function stateAfter({ outcome, type, at }: AuditEvent, { now, outboxSeconds }: Retention): State {
  switch (outcome) {
    case 'forwarded':
    case 'delivered':
    // its delivery's event is older than the search
    case 'duplicate':
      return 'delivered';
    case 'not-recoverable':
    case 'dropped':
      return outcome;
    default: {
      const isInOutbox = outcome === 'queued' || type === EVENT_TYPES.deliveryAttempted;
      if (!isInOutbox) return 'not-sent';
      return now.getTime() - at.getTime() > outboxSeconds * 1000 ? 'expired' : 'waiting';
    }
  }
}
