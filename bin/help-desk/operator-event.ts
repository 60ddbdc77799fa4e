import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type * as z from 'zod/mini';
import type { recoveryRequestedByOperator } from '../../functions/adapters/aws/recovery-event.ts';
import { EVENT_SOURCE, EVENT_TYPES, EVENT_VERSION } from '../../functions/runtime/event-names.ts';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

type Detail = z.infer<typeof recoveryRequestedByOperator>['detail'];

/** What an event says of what an operator did. */
export type OperatorFacts = Omit<Detail, 'version'>;

/** Publishes who sends a recovery for whom, by pseudonym. Throws {@link OperatorError}. */
export async function publishOperatorEvent(
  busName: string,
  facts: OperatorFacts,
  permissions: string,
): Promise<void> {
  const detail: Detail = { version: EVENT_VERSION, ...facts };
  const entry = {
    EventBusName: busName,
    Source: EVENT_SOURCE,
    DetailType: EVENT_TYPES.requestedByOperator,
    Detail: JSON.stringify(detail),
  };
  const what = 'The event of who sends it could not be published, and nothing is sent without one';
  const { FailedEntryCount, Entries: [result] = [] } = await new EventBridgeClient()
    .send(new PutEventsCommand({ Entries: [entry] }), callDeadline())
    .catch((error: Error) => {
      throw new OperatorError(explain(what, error, permissions));
    });
  if (FailedEntryCount !== 0) {
    throw new OperatorError(`${what}: ${result?.ErrorCode ?? 'EventRejected'}. Try again.`);
  }
}
