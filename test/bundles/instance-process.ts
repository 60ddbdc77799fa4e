import * as z from 'zod/mini';
import type { Reply } from './instance.ts';

/*
 * Script: an instance of the functions whose bundles are its arguments (JSON, a file by its name), as Lambda has it. It
 * invokes them one event after the other, as its parent asks.
 */

const files = z.record(z.string(), z.string()).parse(JSON.parse(process.argv[2] ?? ''));
const request = z.object({ name: z.string(), event: z.unknown(), timeoutMs: z.number() });
const bundle = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });
type Handler = (event: unknown, context: object) => Promise<unknown>;

let printed = '';
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: Uint8Array | string) => {
    printed += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
}
const handlers = new Map<string, Handler>();

async function load(name: string): Promise<Handler> {
  const loaded = handlers.get(name) ?? bundle.parse(await import(files[name] ?? '')).handler;
  handlers.set(name, loaded);
  return loaded;
}

async function invoke({ name, event, timeoutMs }: z.infer<typeof request>): Promise<Reply> {
  const loadedAt = performance.now();
  const handler = await load(name);
  const startedAt = performance.now();
  const context = {
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => startedAt + timeoutMs - performance.now(),
  };
  const outcome = await handler(event, context).then(
    (result) => ({ result }),
    (error: unknown) => ({ thrown: String(error) }),
  );
  const durationMs = performance.now() - startedAt;
  return { ...outcome, initMs: startedAt - loadedAt, durationMs, printed };
}

function measureHeap(): { heapBytes: number } {
  globalThis.gc?.();
  return { heapBytes: process.memoryUsage().heapUsed };
}

process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  printed = '';
  process.send?.(message === 'heap' ? measureHeap() : await invoke(request.parse(message)));
});
process.send?.('ready');
