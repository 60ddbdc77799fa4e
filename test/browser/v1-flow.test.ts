import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Simulation, startV1Simulation } from '../../local/simulation.ts';
import type { V1Tenant } from '../../local/tenant/v1/options.ts';
import { freePorts } from '../integration/local/free-ports.ts';
import { recordOutput } from '../integration/recorded-output.ts';
import { expectAccessible, useBrowser } from './browser.ts';
import { inState } from './element-state.ts';
import { NO_DELAYS } from './simulated-world.ts';

const browser = useBrowser();
let simulation: Simulation<V1Tenant>;
let output: ReturnType<typeof recordOutput>;

beforeAll(async () => {
  output = recordOutput();
  const port = await freePorts();
  simulation = await startV1Simulation({ port, host: '127.0.0.1', environment: NO_DELAYS });
});
beforeEach(() => simulation.tenant.heal());
afterAll(async () => {
  await simulation.close();
  output.stop();
  expect(output.printed()).not.toContain('@example.com');
});

const setUp = (page: Page) => page.getByRole('button', { name: 'Set up this device' }).click();
const isSignedIn = (page: Page) => page.getByRole('heading', { name: 'Signed in', exact: true }).waitFor();

/** Requests a link for Jane in the app; returns the page and the link. */
async function requestLink(): Promise<{ page: Page; link: string }> {
  const page = await browser.visit(`${simulation.appUrl}/`);
  await page.getByLabel('Email address').fill('jane@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  return { page, link: simulation.tenant.mails.at(-1)?.recoveryLink ?? '' };
}

describe('a user of a v1 tenant who has lost every device', () => {
  test('recovers with an email link and signs in with a simulated passkey', async () => {
    const { page, link } = await requestLink();
    await page.goto(link);
    await expectAccessible(page);
    await setUp(page);
    await isSignedIn(page);
    expect(await page.getByText('as Jane Doe, with a simulated passkey', { exact: true }).count()).toBe(1);
    expect(await page.getByRole('heading', { name: 'The passkey is simulated' }).count()).toBe(1);
    expect(simulation.steps().map(({ state }) => state)).toEqual(Array(8).fill('done'));
    expect(simulation.tenant.bindingJobs[0]).toMatchObject({ state: 'COMPLETE' });
    await expectAccessible(page);

    // the browser can sign in without a link from now on
    await page.goto(`${simulation.appUrl}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with this device' }).click();
    await isSignedIn(page);
  });

  test('sees that a link was used', async () => {
    const { page, link } = await requestLink();
    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);
    await page.goto(link);
    await setUp(page);
    await inState(page, 'used', 'complete-recovery');
  });

  test('sends the token of the link to the tenant of the app only', async () => {
    const { page, link } = await requestLink();
    const before = simulation.tenant.requests.length;
    const foreign = new URL(link);
    foreign.searchParams.set('api_base_url', 'https://evil.example');
    await page.goto(foreign.href);
    await setUp(page);
    await inState(page, 'malformed', 'complete-recovery');
    expect(simulation.tenant.requests).toHaveLength(before);
  });

  test('can try again after an error of the tenant, with the same link', async () => {
    const { page, link } = await requestLink();
    simulation.tenant.fault({ kind: '500', operation: 'bind', times: 1 });
    await page.goto(link);
    await setUp(page);
    await inState(page, 'failed', 'complete-recovery');
    await browser.expectProblem(/^uncaught: The tenant returned 500\.$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await isSignedIn(page);
  });

  test('cannot sign in on a device without a passkey', async () => {
    const page = await browser.visit(`${simulation.appUrl}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with this device' }).click();
    await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  });
});
