import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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
 * are too slow, or the signal aborts.
 */
export async function createBundles(folder: string, signal: AbortSignal): Promise<Bundles> {
  const limits = { signal, timeout: LONGEST_RUN_MS };
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, folder], limits);
  return bundles.parse(JSON.parse(stdout));
}
