import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Events } from '../../core/events.ts';
import type { Context } from '../../runtime/context.ts';
import { startDeadline } from '../../runtime/deadline.ts';
import type { EventConfig } from '../../runtime/event-config.ts';
import { EVENT_SOURCE, EVENT_TYPES, EVENT_VERSION } from '../../runtime/event-names.ts';
import { awsClientOptions } from './clients.ts';
import { openConnection } from './event-bus-connection.ts';
import type { FunctionEvent } from './recovery-event.ts';

/** EventBridge took the request, and rejected the event in it. Its message is AWS's code. */
class EventRejected extends Error {
  override readonly name = 'EventRejected';
}

/** What a publisher does with an event. */
interface Publisher {
  warmUp(): Promise<void>;
  publish(event: FunctionEvent, timeoutMs: number): Promise<void>;
}

/** Events of one stage, on the configured event bus; without one they go to the function's log. */
export function createEvents(
  { busName, includeReference }: EventConfig,
  stage: string,
  context: Context,
): Events {
  const { warmUp, publish } =
    busName === undefined ? createPrinter(context) : createEventBus(busName, context);
  const common = { version: EVENT_VERSION, stage } as const;
  const withoutAddress = <Facts extends { reference?: string | undefined }>({
    reference,
    ...facts
  }: Facts) => ({
    ...common,
    ...facts,
    // an app may have given Beyond Identity the address as the user's id
    ...(includeReference && reference !== undefined && !reference.includes('@') && { reference }),
  });
  return {
    warmUp,
    requested: (facts, timeoutMs) =>
      publish(
        { source: EVENT_SOURCE, 'detail-type': EVENT_TYPES.requested, detail: withoutAddress(facts) },
        timeoutMs,
      ),
    deliveryAttempted: (facts, timeoutMs) =>
      publish(
        { source: EVENT_SOURCE, 'detail-type': EVENT_TYPES.deliveryAttempted, detail: withoutAddress(facts) },
        timeoutMs,
      ),
  };
}

function createPrinter({ telemetry }: Context): Publisher {
  return {
    warmUp: async () => undefined,
    publish: async ({ source, ...event }) => telemetry.event(event),
  };
}

/** An event that cannot be published in time goes to the function's log, and is counted. */
function createEventBus(busName: string, { telemetry, timeouts }: Context): Publisher {
  const { requestHandler, ...options } = awsClientOptions(timeouts);
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  const client = new EventBridgeClient({ ...options, requestHandler: { ...requestHandler, ...agents } });

  async function put({ source, ...event }: FunctionEvent, abortSignal: AbortSignal): Promise<void> {
    const entry = {
      EventBusName: busName,
      Source: source,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
    };
    const { Entries: [result] = [], FailedEntryCount } = await client.send(
      new PutEventsCommand({ Entries: [entry] }),
      { abortSignal },
    );
    if (FailedEntryCount !== 0) throw new EventRejected(result?.ErrorCode);
  }

  return {
    warmUp: () => openConnection(client, agents, timeouts.warmUpMs),
    async publish(event, timeoutMs) {
      const timeout = startDeadline(timeoutMs);
      try {
        await timeout.enforce((signal) => put(event, signal));
      } catch (error) {
        const { source, ...logged } = event;
        telemetry.eventFailed(logged, reasonOf(error));
      } finally {
        timeout.clear();
      }
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof EventRejected) return error.message || error.name;
  return error instanceof Error ? error.name : typeof error;
}
