import { expect, test } from '@jest/globals';
import type { AuditEvent } from '../../../bin/lookup/audit-log.ts';
import { requestsIn } from '../../../bin/lookup/requests.ts';
import { EVENT_TYPES } from '../../../functions/runtime/event-names.ts';

const RETENTION = { now: new Date('2026-11-24T12:00:00Z'), outboxSeconds: 3600 };

let number = 0;
function event(
  type: keyof typeof EVENT_TYPES,
  outcome: string,
  time: string,
  attemptId?: string,
): AuditEvent {
  number++;
  const at = new Date(`2026-11-24T${time}Z`);
  return { id: `event-${number}`, at, type: EVENT_TYPES[type], outcome, attemptId };
}

const queuedAt = (time: string) => event('requested', 'queued', time, 'a');
const delivery = (outcome: string, time: string) => event('deliveryAttempted', outcome, time, 'a');

test.each<[string, AuditEvent[], string]>([
  ['forwarded', [event('requested', 'forwarded', '11:30:00', 'a')], 'delivered'],
  ['not recoverable', [event('requested', 'not-recoverable', '11:30:00', 'a')], 'not-recoverable'],
  ['rate limited', [event('requested', 'rate-limited', '11:30:00')], 'not-sent'],
  ['not taken by the outbox', [event('requested', 'outbox-failed', '11:30:00', 'a')], 'not-sent'],
  ['queued and not delivered yet', [queuedAt('11:30:00')], 'waiting'],
  ['queued and postponed', [queuedAt('10:30:00'), delivery('postponed', '11:30:00')], 'waiting'],
  ['queued and failed unexpectedly', [queuedAt('11:30:00'), delivery('failed', '11:31:00')], 'waiting'],
  ['queued and delivered', [queuedAt('11:30:00'), delivery('delivered', '11:31:00')], 'delivered'],
  [
    'delivered, and once more by SQS',
    [queuedAt('11:30:00'), delivery('delivered', '11:31:00'), delivery('duplicate', '11:36:00')],
    'delivered',
  ],
  ['queued and dropped', [queuedAt('11:30:00'), delivery('dropped', '11:45:00')], 'dropped'],
  ['queued for longer than the outbox keeps it', [queuedAt('10:30:00')], 'expired'],
])('a request that was %s has the right state', (_name, events, state) => {
  expect(requestsIn(events, RETENTION)).toEqual([expect.objectContaining({ state })]);
});

test('requests that were not admitted are one each', () => {
  const events = ['11:30:00', '11:31:00'].map((time) => event('requested', 'rate-limited', time));
  expect(requestsIn(events, RETENTION)).toHaveLength(2);
});

test('a delivery whose request is older than the search is a request with an unknown outcome', () => {
  const [request] = requestsIn([delivery('delivered', '11:31:00')], RETENTION);
  expect(request).toMatchObject({ outcome: undefined, attemptId: 'a', state: 'delivered' });
});
