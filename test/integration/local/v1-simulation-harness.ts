import { afterEach, beforeEach, jest } from '@jest/globals';
import * as z from 'zod/mini';
import { parseJson } from '../../../local/json-text.ts';
import { type Simulation, type SimulationOptions, startV1Simulation } from '../../../local/simulation.ts';
import type { V1Tenant } from '../../../local/tenant/v1/options.ts';
import { recordOutput } from '../recorded-output.ts';
import { freePorts } from './free-ports.ts';

const AT_ONCE = { RESPONSE_TIME_MS: '0', MAILBOX_COOLDOWN_SECONDS: '0', MAILBOX_ATTEMPTS_PER_DAY: '20' };

/** The running simulation of the v1 platform. */
export let simulation: Simulation<V1Tenant>;
/** The first of its ports. */
export let port: number;
let recording: ReturnType<typeof recordOutput>;

/** Runs a simulation with a v1 tenant for each test of the file. */
export function useV1Simulation(): void {
  jest.setTimeout(30_000);
  beforeEach(async () => {
    recording = recordOutput();
    port = await freePorts();
    simulation = await startV1Simulation({ port, host: '127.0.0.1', environment: AT_ONCE });
  });
  afterEach(async () => {
    await simulation.close();
    recording.stop();
  });
}

/** What the functions have printed since the start of the test. */
export function printed(): string {
  return recording.printed();
}

/** Restarts the simulation at the same port. */
export async function restart(environment: SimulationOptions['environment']): Promise<void> {
  await simulation.close();
  const merged = { ...AT_ONCE, ...environment };
  simulation = await startV1Simulation({ port, host: '127.0.0.1', environment: merged });
}

/** Sends a request to a path at the app (0), the tenant (1) or the outbox (4). */
export function send(offset: 0 | 1 | 4, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port + offset}${path}`, init);
}

/** Requests recovery for the address. */
export function recover(email: string): Promise<Response> {
  return send(0, '/recover-user', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
}

/** The recipients of all emails. */
export function recipients(): string[] {
  return simulation.tenant.mails.map(({ to }) => to);
}

/** The operations that the tenant has received since the last `from` calls, with the status of each response. */
export function calls(from = 0): string[] {
  return simulation.tenant.requests
    .slice(from)
    .map(({ operation, responseStatus }) => `${operation} ${responseStatus}`);
}

const outboxDepth = z.object({ waiting: z.number(), hidden: z.number(), deadLetters: z.number() });

/** Resolves when the outbox has delivered everything. */
export async function outboxIsEmpty(): Promise<void> {
  for (;;) {
    const depth = parseJson(outboxDepth, await (await send(4, '/simulation/outbox')).text());
    if ('value' in depth && Object.values(depth.value).every((count) => count === 0)) return;
  }
}

/** The state of each step. */
export function states(): string[] {
  return simulation.steps().map(({ state }) => state);
}

/** The details of one step's occurrences. */
export function details(number: number): string[] {
  return simulation.steps()[number - 1]?.occurrences.map(({ detail }) => detail) ?? [];
}
