import { createDeliveryHandler } from '../functions/deliver-outbox/handler.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { TIMEOUTS } from '../functions/runtime/timeouts.ts';
import { startGateway } from '../local/emulators/gateway.ts';
import { startOutboxPoller } from '../local/emulators/outbox-poller.ts';
import { serveParent } from './processes.ts';

/** The simulated outage lasts seconds instead of an hour, so the pauses between deliveries shrink accordingly. */
const SHORT_PAUSES = {
  ...TIMEOUTS,
  probeAfterMs: 1_000,
  outboxFirstPauseMs: 1_000,
  outboxLongestPauseMs: 4_000,
};

/*
 * Script: runs one function, named by the argument, behind its emulated trigger. A separate process, so that the load
 * generator does not slow it down. One process serves all invocations, where Lambda would start several instances.
 */
const [, , name] = process.argv;
const onFailure = (error: unknown) => console.error(error instanceof Error ? error.stack : error);
if (name === 'recover-user') {
  const handler = await createHandler(process.env, SHORT_PAUSES);
  const { url } = await startGateway({ handler, onFailure });
  serveParent({ url });
} else {
  const handler = await createDeliveryHandler(process.env, SHORT_PAUSES);
  const queueUrl = process.env['OUTBOX_QUEUE_URL'] ?? '';
  startOutboxPoller({ queueUrl, handler, onFailure });
  serveParent({ url: queueUrl });
}
