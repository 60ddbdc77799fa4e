import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

const SCRIPT = fileURLToPath(new URL('bundle.ts', import.meta.url));

const LONGEST_RUN_MS = 120_000;

const bundle = z.object({ folder: z.string(), bytes: z.int() });
const bundles = z.object({
  function: bundle,
  bare: bundle,
  environment: z.record(z.string(), z.string()),
  runtimeClient: z.string(),
});

/** A Lambda's code: the folder that would be deployed, and the size in bytes of its code without the source map. */
export type Bundle = z.infer<typeof bundle>;

/** What is measured: the function, the bare handler, the function's settings in the template, the runtime client. */
export type Bundles = z.infer<typeof bundles>;

/**
 * Bundles everything into a folder, which must exist. What the tools say is shown only if they fail. Rejects when they
 * are too slow, or the signal aborts, once they have ended: nothing is written to the folder any more.
 */
export async function createBundles(folder: string, signal: AbortSignal): Promise<Bundles> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_RUN_MS)]);
  limited.throwIfAborted();
  // a process group of its own, so that the tools that it starts can be ended with it
  const child = spawn(process.execPath, [SCRIPT, folder], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  limited.addEventListener('abort', end);
  try {
    const ended = once(child, 'exit');
    const [output, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    limited.throwIfAborted();
    if (code !== 0) throw new Error(`The tools failed to bundle the function.\n${complaints}`);
    return bundles.parse(JSON.parse(output));
  } finally {
    limited.removeEventListener('abort', end);
  }
}
