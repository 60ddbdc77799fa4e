import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Bundles } from '../bundles/bundles.ts';
import { type Instance, startInstance } from '../bundles/instance.ts';
import { MARGIN_MS } from './course.ts';

/** Lambda ends a function that takes longer to start. */
const INIT_MS = 10_000;
/** More than a start takes that has a core to itself. */
const BUSY_MS = 400;

/** Starts that are over, or only wait, by core. A start keeps a core busy; with more of them, every deadline would be missed. */
const cores = Array.from({ length: availableParallelism() }, () => Promise.resolve());
let starts = 0;

/** Starts an instance with the endpoint in it, when there is a core for it. */
export async function startFunctions(
  bundles: Bundles,
  environment: Readonly<Record<string, string>>,
): Promise<Instance> {
  const core = starts++ % cores.length;
  const isIdle = Promise.withResolvers<void>();
  const turn = cores[core];
  cores[core] = isIdle.promise;
  await turn;
  const starting = startEndpoint(bundles, environment);
  await Promise.race([starting, delay(BUSY_MS, undefined, { ref: false })]).finally(isIdle.resolve);
  return starting;
}

async function startEndpoint(
  bundles: Bundles,
  environment: Readonly<Record<string, string>>,
): Promise<Instance> {
  const instance = await startInstance(bundles, environment);
  try {
    await loadInTime(instance, 'endpoint');
    return instance;
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    throw error;
  }
}

/** Loads a function; expects that it starts in the time that Lambda gives. */
export async function loadInTime(instance: Instance, name: keyof Bundles): Promise<void> {
  expect(await instance.load(name)).toBeLessThan(INIT_MS + MARGIN_MS);
}

let secondChances: Promise<unknown> = Promise.resolve();

/**
 * Runs a case again where it failed, after all others that did: a machine that is too busy makes the functions miss what they
 * would be in time for.
 */
export async function withSecondChance(run: () => Promise<void>): Promise<void> {
  await run().catch(() => {
    const again = secondChances.then(run);
    secondChances = again.catch(() => undefined);
    return again;
  });
}
