import { readConfig } from '../functions/recover-user/config.ts';
import { createHandler } from '../functions/recover-user/handler.ts';
import { startGateway } from '../local/emulators/gateway.ts';
import type { Service } from './service-process.ts';

/*
 * The function with the settings of its environment behind the gateway's stand-in, in a process of its own so that
 * whoever measures does not slow it down. Ends with the process that started it.
 */
const handler = await createHandler(process.env);
const gateway = await startGateway({
  handler,
  onFailure: (error) => console.error(error instanceof Error ? error.stack : error),
});

process.on('disconnect', () => process.exit());
process.send?.({
  url: gateway.url,
  responseTimeMs: readConfig(process.env).responseTimeMs,
} satisfies Service);
