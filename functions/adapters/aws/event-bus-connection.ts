import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import { startDeadline } from '../../runtime/deadline.ts';
import { connectionOptions, openEarly } from '../http/early-connection.ts';

/** The agents of the client's request handler. */
export interface Agents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
}

/** Where the SDK would send a request. */
const destination = z.object({
  protocol: z.enum(['http:', 'https:']),
  hostname: z.string(),
  port: z.optional(z.number()),
});

/**
 * Opens the client's connection, so that its first request finds it open. The client does everything for a request (endpoint,
 * credentials, signature) but send it: EventBridge has no call that a role with `events:PutEvents` alone may make without an
 * event. Never throws.
 */
export async function openConnection(
  client: EventBridgeClient,
  { httpAgent, httpsAgent }: Agents,
  timeoutMs: number,
): Promise<void> {
  const command = new PutEventsCommand({ Entries: [] });
  command.middlewareStack.add(
    () =>
      async ({ request }) => {
        const { protocol, hostname, port } = destination.parse(request);
        const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
        openEarly(protocol === 'https:' ? httpsAgent : httpAgent, connectionOptions(url));
        return { response: undefined, output: { $metadata: {} } };
      },
    // after the signature, which is the last thing that happens to a request
    { step: 'finalizeRequest', priority: 'low' },
  );
  const timeout = startDeadline(timeoutMs);
  // whatever is wrong shows with the first event
  await timeout.enforce(() => client.send(command)).catch(() => undefined);
  timeout.clear();
}
