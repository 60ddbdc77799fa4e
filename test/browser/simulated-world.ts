import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Simulation, type SimulationOptions, startSimulation } from '../../local/simulation.ts';
import { fiveFreePorts } from '../integration/local/five-free-ports.ts';
import { recordOutput } from '../integration/recorded-output.ts';

/** What `npm start` runs, for the tests of a file; each test finds it healed. */
export interface SimulatedWorld {
  readonly simulation: Simulation;
  /** The link in the latest mail. */
  latestLink(): string;
}

/** Variables with which nobody waits. */
export const AT_ONCE = {
  RESPONSE_TIME_MS: '0',
  MAILBOX_COOLDOWN_SECONDS: '0',
  MAILBOX_ATTEMPTS_PER_DAY: '20',
};

/**
 * Gives the tests of a file a simulation that has nobody wait; what it prints must hold nobody's address. Without a response
 * time: within a short one, a busy machine may reach neither the tenant nor the outbox, and the answer is a 503.
 */
export function useSimulation(options: () => Partial<SimulationOptions> = () => ({})): SimulatedWorld {
  let simulation: Simulation | undefined;
  let output: ReturnType<typeof recordOutput>;

  beforeAll(async () => {
    output = recordOutput();
    simulation = await startSimulation({
      port: await fiveFreePorts(),
      host: '127.0.0.1',
      environment: AT_ONCE,
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
      if (link === undefined) throw new Error('There is no mail.');
      return link;
    },
  };
  return world;
}

/** Gives the page's browser a device that can hold credentials: Chromium's own stand-in for one. */
export async function giveDevice(page: Page, { isPersonThere = true } = {}): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: isPersonThere,
      automaticPresenceSimulation: true,
    },
  });
}
