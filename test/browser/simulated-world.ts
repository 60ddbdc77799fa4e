import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Simulation, type SimulationOptions, startSimulation } from '../../local/simulation.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { recordOutput } from '../integration/recorded-output.ts';

/** The local simulation that `npm start` runs. Every test starts without simulated faults. */
export interface SimulatedWorld {
  readonly simulation: Simulation;
  /** Returns the link in the latest recovery email. */
  latestLink(): string;
}

/** Environment without response delay and cooldown. */
export const NO_DELAYS = {
  RESPONSE_TIME_MS: '0',
  MAILBOX_COOLDOWN_SECONDS: '0',
  MAILBOX_ATTEMPTS_PER_DAY: '20',
};

/**
 * Starts a simulation for a test file and verifies that its output contains no email address. It disables the response time,
 * because a busy machine may reach neither the tenant nor the outbox within a short one, which results in a 503.
 */
export function useSimulation(options: () => Partial<SimulationOptions> = () => ({})): SimulatedWorld {
  let simulation: Simulation | undefined;
  let output: ReturnType<typeof recordOutput>;

  beforeAll(async () => {
    output = recordOutput();
    simulation = await startSimulation({
      port: await freePorts(),
      host: '127.0.0.1',
      environment: NO_DELAYS,
      ...options(),
    });
  });
  beforeEach(() => simulation?.tenant.heal());
  afterAll(async () => {
    await simulation?.close();
    output.stop();
    expect(output.printed()).not.toContain('@example.com');
  });

  const world: SimulatedWorld = {
    get simulation() {
      if (simulation === undefined) throw new Error('The simulation has not started.');
      return simulation;
    },
    latestLink() {
      const link = world.simulation.tenant.mails.at(-1)?.recoveryLink;
      if (link === undefined) throw new Error('The tenant has sent no email.');
      return link;
    },
  };
  return world;
}

/** Adds Chromium's virtual authenticator to the browser of the page. */
export async function addVirtualAuthenticator(page: Page, { isUserVerified = true } = {}): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
}
