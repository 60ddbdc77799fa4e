// The endpoint or the delivery of the outbox in a process of its own, so that a test can end it at any moment.
import { createDeliveryHandler } from '../../functions/deliver-outbox/handler.ts';
import { createHandler } from '../../functions/recover-user/handler.ts';
import { TIMEOUTS } from '../../functions/runtime/timeouts.ts';
import { startGateway } from '../../local/emulators/gateway.ts';
import { startOutboxPoller } from '../../local/emulators/outbox-poller.ts';

const [part] = process.argv.slice(2);
const queueUrl = process.env['OUTBOX_QUEUE_URL'] ?? '';

if (part === 'endpoint') {
  const { url } = await startGateway({ handler: await createHandler(process.env) });
  process.stdout.write(`ready ${url}\n`);
} else {
  const handler = await createDeliveryHandler(process.env, { ...TIMEOUTS, deliveryLeaseMs: 300 });
  startOutboxPoller({ queueUrl, handler, concurrency: 1, pauseMs: 10 });
  process.stdout.write('ready delivery\n');
}
