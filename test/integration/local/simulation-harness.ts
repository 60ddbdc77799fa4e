import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import * as z from 'zod/mini';
import { type Simulation, type SimulationOptions, startSimulation } from '../../../local/simulation.ts';
import { recordOutput } from '../recorded-output.ts';
import { freePorts } from './free-ports.ts';
import { createDevice, type WebAuthnDevice } from './webauthn-device.ts';

const OPTIONS = z.object({ challenge: z.string() });
const AT_ONCE = { RESPONSE_TIME_MS: '0', MAILBOX_COOLDOWN_SECONDS: '0', MAILBOX_ATTEMPTS_PER_DAY: '20' };

/** The running simulation. */
export let simulation: Simulation;
/** The first of its ports. */
export let port: number;
let recording: ReturnType<typeof recordOutput>;

/** Runs a simulation for each test of the file. */
export function useSimulation(): void {
  jest.setTimeout(30_000);
  beforeEach(async () => {
    recording = recordOutput();
    port = await freePorts();
    simulation = await startSimulation({ port, host: '127.0.0.1', environment: AT_ONCE });
  });
  afterEach(async () => {
    await simulation.close();
    recording.stop();
  });
}

/** Restarts the simulation at the same port. */
export async function restart(
  environment: SimulationOptions['environment'],
  host = '127.0.0.1',
): Promise<void> {
  await simulation.close();
  const merged = { ...AT_ONCE, ...environment };
  simulation = await startSimulation({ port, host, environment: merged });
}

/** The URL of a path of the app. */
export function url(path: string, host = '127.0.0.1'): string {
  return `http://${host}:${port}${path}`;
}

/** Requests recovery for the address. */
export function recover(email: string, host?: string) {
  return fetch(url('/recover-user', host), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
}

/** Calls a WebAuthn operation of the tenant, as the app does. */
export function callTenant(operation: string, body: object) {
  return fetch(`http://127.0.0.1:${port + 1}/simulated/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: simulation.appUrl },
    body: JSON.stringify(body),
  });
}

/** The challenge in the options of an operation. */
export async function challengeFor(operation: string, body: object): Promise<string> {
  return OPTIONS.parse(await (await callTenant(operation, body)).json()).challenge;
}

/** The token of the latest link. */
export function latestToken(): string {
  return new URL(simulation.tenant.mails.at(-1)?.recoveryLink ?? '').searchParams.get('token') ?? '';
}

/** Registers a credential; returns its device. */
export async function register(token: string): Promise<WebAuthnDevice> {
  const device = createDevice(simulation.appUrl);
  const challenge = await challengeFor('registration/options', { token });
  const response = await device.register(challenge);
  expect((await callTenant('registration/verify', { token, response })).status).toBe(200);
  return device;
}

/** Signs in with the device. */
export async function signIn(device: WebAuthnDevice): Promise<void> {
  const challenge = await challengeFor('authentication/options', {});
  const response = await device.authenticate(challenge);
  expect((await callTenant('authentication/verify', { response })).status).toBe(200);
}

/** The status of a request with another `Host` header, which `fetch` cannot set. */
export async function statusAs(host: string, method: string, target: string): Promise<number | undefined> {
  const sent = request(target, { method, headers: { host } }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response?.destroy();
  return response?.statusCode;
}

/** The state of each step. */
export function states(): string[] {
  return simulation.steps().map(({ state }) => state);
}

/** The details of one step's occurrences. */
export function details(number: number): string[] {
  return simulation.steps()[number - 1]?.occurrences.map(({ detail }) => detail) ?? [];
}

/** The events of the feed as they arrive. */
export async function* feed(): AsyncGenerator<{ fault: unknown; mails: number; steps: { state: string }[] }> {
  const sent = get(url('/simulation/steps'), { headers: { accept: 'text/event-stream' } });
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('There was no response.');
  expect(response.headers['content-type']).toBe('text/event-stream');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) yield JSON.parse(event.replace(/^data: /, ''));
  }
}
