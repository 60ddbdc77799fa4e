import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Simulation, startV1Simulation } from '../../local/simulation.ts';
import type { V1Tenant } from '../../local/tenant/v1/options.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { recordOutput } from '../integration/recorded-output.ts';
import { type TestBrowser, useBrowser } from './browser.ts';
import { NO_DELAYS } from './simulated-world.ts';

/** What `npm start -- --platform v1` runs. Every test starts without simulated faults. */
export interface V1World {
  readonly browser: TestBrowser;
  readonly simulation: Simulation<V1Tenant>;
  /** Requests a link for Jane in the app, in a new browser context; returns the page and the link. */
  requestLink(): Promise<{ page: Page; link: string }>;
  /** The same on a page. */
  requestLinkOn(page: Page): Promise<void>;
  /** The link in the latest email. */
  latestLink(): string;
}

/** Starts the simulation for a test file, and verifies that its output contains no email address. */
export function useV1World(): V1World {
  const browser = useBrowser();
  let simulation: Simulation<V1Tenant> | undefined;
  let output: ReturnType<typeof recordOutput>;

  beforeAll(async () => {
    output = recordOutput();
    const port = await freePorts();
    simulation = await startV1Simulation({ port, host: '127.0.0.1', environment: NO_DELAYS });
  });
  beforeEach(() => simulation?.tenant.heal());
  afterAll(async () => {
    await simulation?.close();
    output.stop();
    expect(output.printed()).not.toContain('@example.com');
  });

  const world: V1World = {
    browser,
    get simulation() {
      if (simulation === undefined) throw new Error('The simulation has not started.');
      return simulation;
    },
    async requestLink() {
      const page = await browser.visit('about:blank');
      await world.requestLinkOn(page);
      return { page, link: world.latestLink() };
    },
    async requestLinkOn(page) {
      await page.goto(`${world.simulation.appUrl}/`);
      await page.getByLabel('Email address').fill('jane@example.com');
      await page.getByRole('button', { name: 'Send the link' }).click();
      await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    },
    latestLink: () => world.simulation.tenant.mails.at(-1)?.recoveryLink ?? '',
  };
  return world;
}

/** Confirms on the page of a link. */
export function setUp(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Set up this device' }).click();
}

/** Waits until the sign-in page says that the user is signed in. */
export function isSignedIn(page: Page): Promise<void> {
  return page.getByRole('heading', { name: 'Signed in', exact: true }).waitFor();
}
