// Loads bundles as Lambda does, in a process of its own, and invokes them one event after the other, as its parent asks.
// Without a library or types to strip: dozens of these start in a minute.
const files = JSON.parse(process.argv[2]);
const handlers = new Map();
let printed = '';

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk) => {
    printed += chunk;
    return true;
  };
}

async function load(name) {
  const startedAt = performance.now();
  handlers.set(name, (await import(files[name])).handler);
  return { initMs: performance.now() - startedAt };
}

async function invoke({ name, event, timeoutMs }) {
  const startedAt = performance.now();
  const context = {
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => startedAt + timeoutMs - performance.now(),
  };
  const outcome = await handlers
    .get(name)(event, context)
    .then(
      (result) => ({ result }),
      (error) => ({ thrown: String(error) }),
    );
  const durationMs = performance.now() - startedAt;
  return { ...outcome, durationMs, printed };
}

function heap() {
  globalThis.gc();
  return { heapBytes: process.memoryUsage().heapUsed };
}

process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  printed = '';
  process.send(await { load: () => load(message.name), invoke: () => invoke(message), heap }[message.task]());
});
process.send('ready');
