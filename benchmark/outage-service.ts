import { createDeliveryHandler } from '../functions/deliver-outbox/handler.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { TIMEOUTS } from '../functions/runtime/timeouts.ts';
import { startGateway } from '../local/emulators/gateway.ts';
import { startOutboxPoller } from '../local/emulators/outbox-poller.ts';

/** An outage that lasts for seconds, and not for an hour: the pauses between deliveries are as much shorter. */
const TIMING_OF_OUTAGE = {
  ...TIMEOUTS,
  probeAfterMs: 1_000,
  outboxFirstPauseMs: 1_000,
  outboxLongestPauseMs: 4_000,
};

/** As in the stack, unless a setting says otherwise. */
const DELIVERY_CONCURRENCY = 2;

/*
 * One function of the service behind what invokes it: `endpoint` or `delivery`, as the argument says. Its invocations run
 * in one process, while Lambda would start as many instances as there are at a time. Ends with the process that started it.
 */
const [, , role] = process.argv;
process.on('disconnect', () => process.exit());
process.send?.({ url: role === 'endpoint' ? await startEndpoint() : await startDelivery() });

async function startEndpoint(): Promise<string> {
  const handler = await createHandler(process.env, TIMING_OF_OUTAGE);
  const { url } = await startGateway({ handler, onFailure: console.error });
  return url;
}

async function startDelivery(): Promise<string> {
  const handler = await createDeliveryHandler(process.env, TIMING_OF_OUTAGE);
  startOutboxPoller({
    queueUrl: process.env['OUTBOX_QUEUE_URL'] ?? '',
    handler,
    concurrency: DELIVERY_CONCURRENCY,
    onFailure: console.error,
  });
  return '';
}
