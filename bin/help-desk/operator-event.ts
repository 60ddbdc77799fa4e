import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type * as z from 'zod/mini';
import type {
  operatorActed,
  recoveryRequestedByOperator,
} from '../../functions/adapters/aws/recovery-event.ts';
import { EVENT_SOURCE, EVENT_VERSION } from '../../functions/runtime/event-names.ts';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

type OperatorEvent = z.infer<typeof operatorActed> | z.infer<typeof recoveryRequestedByOperator>;

type FactsOf<Event extends OperatorEvent> = Event extends OperatorEvent
  ? { type: Event['detail-type']; detail: Omit<Event['detail'], 'version'> }
  : never;

/** An event about an operator, without what is the same for all. */
export type OperatorFacts = FactsOf<OperatorEvent>;

/** Where events are published. */
export interface OperatorEventBus {
  name: string;
  /** What the command needs. */
  permissions: string;
}

/**
 * Publishes what an operator is about to do. Resolves with whether there is such a bus. Throws {@link OperatorError} where
 * the event is not published: nothing is done without one.
 */
export async function publishOperatorEvent(
  { name, permissions }: OperatorEventBus,
  { type, detail }: OperatorFacts,
): Promise<boolean> {
  const entry = {
    EventBusName: name,
    Source: EVENT_SOURCE,
    DetailType: type,
    Detail: JSON.stringify({ version: EVENT_VERSION, ...detail }),
  };
  const what = 'The event of who does this could not be published, and nothing is done without one';
  const client = new EventBridgeClient();
  try {
    // EventBridge takes an event for a bus that does not exist, and drops it
    await client.send(new DescribeEventBusCommand({ Name: name }), callDeadline());
    const { FailedEntryCount, Entries: [result] = [] } = await client.send(
      new PutEventsCommand({ Entries: [entry] }),
      callDeadline(),
    );
    if (FailedEntryCount === 0) return true;
    throw new OperatorError(`${what}: ${result?.ErrorCode ?? 'EventRejected'}. Try again.`);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OperatorError) throw error;
    if (error.name === 'ResourceNotFoundException') return false;
    throw new OperatorError(explain(what, error, permissions));
  }
}
