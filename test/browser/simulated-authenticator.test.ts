import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { REGISTRATION_OPTIONS_PATH } from '../../local/paths.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { inState } from './element-state.ts';
import { addVirtualAuthenticator, useSimulation } from './simulated-world.ts';

const browser = useBrowser();
const world = useSimulation();

const USE = { name: 'Use a simulated authenticator' };
const isSignedIn = (page: Page) => page.getByText('as Jane Doe, with the simulated authenticator').waitFor();

/** Presses a button while the dialog of Chromium, unlike that of other browsers, keeps all input from the page. */
function pressBesideDialog(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).dispatchEvent('click');
}

/** Opens the page of a new recovery link on a device without an authenticator. */
async function openLink(): Promise<Page> {
  const page = await browser.visit(`${world.simulation.appUrl}/`);
  await page.getByLabel('Email address').fill('jane@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  await page.goto(world.latestLink());
  return page;
}

async function setUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Set up this device' }).click();
}

test('a person without an authenticator is signed in with the simulated one, now and later', async () => {
  const page = await openLink();
  await page.getByText('This device reports no fingerprint reader').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', USE).click();
  await page.getByText('The authenticator is simulated: a key in this browser signs').waitFor();
  await expectAccessible(page);
  await setUp(page);
  await isSignedIn(page);
  expect(world.simulation.steps().map(({ state }) => state)).toEqual(Array(8).fill('done'));
  await screenshot(page, 'simulated-authenticator');

  // in another tab, the choice and the key are still there
  const later = await page.context().newPage();
  await later.goto(`${world.simulation.appUrl}/sign-in`);
  await later.getByRole('button', { name: 'Sign in with this device' }).click();
  await isSignedIn(later);
});

test('a person whose browser waits for a device can go on with the simulated authenticator', async () => {
  const page = await openLink();
  await setUp(page);
  await inState(page, 'registering', 'complete-recovery');
  await pressBesideDialog(page, USE.name);
  await isSignedIn(page);
});

test('a person whose browser waits for a device can cancel, switch and try again', async () => {
  const page = await openLink();
  await setUp(page);
  await pressBesideDialog(page, 'Cancel');
  await inState(page, 'cancelled', 'complete-recovery');
  await page.getByRole('button', USE).click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await isSignedIn(page);
});

test('a person who cancels has no credential, even if the simulated authenticator has not begun yet', async () => {
  const page = await openLink();
  await page.getByRole('button', USE).click();
  const released = Promise.withResolvers<void>();
  let calls = 0;
  await page.route(`**${REGISTRATION_OPTIONS_PATH}`, async (route) => {
    calls += 1;
    await released.promise;
    await route.continue();
  });
  await setUp(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  // waits for the end of the first call, and makes a second one because the first has registered nothing
  await page.getByRole('button', { name: 'Try again' }).click();
  released.resolve();
  await isSignedIn(page);
  expect(calls).toBe(2);
});

test('the sign-in page points to the simulated authenticator after a failure, until it is in use', async () => {
  const page = await browser.visit(`${world.simulation.appUrl}/sign-in`);
  await addVirtualAuthenticator(page);
  const hint = page.getByText('Choose "Use a simulated authenticator" in the panel');
  await page.getByRole('button', { name: 'Sign in with this device' }).click();
  await hint.waitFor();
  await expectAccessible(page);
  await page.getByRole('button', USE).click();
  await page.getByRole('button', { name: 'Sign in with this device' }).click();
  await hint.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
});

test("the button switches back to the device's own authenticator, in every tab", async () => {
  const page = await browser.visit(`${world.simulation.appUrl}/`);
  const other = await page.context().newPage();
  await other.goto(`${world.simulation.appUrl}/sign-in`);
  await page.getByRole('button', USE).click();
  await other.getByRole('button', { name: "Use this device's own authenticator" }).click();
  await page.getByRole('button', USE).waitFor();
});

test('a device with an authenticator is offered the simulated one without advice', async () => {
  const page = await browser.visit('about:blank');
  await addVirtualAuthenticator(page);
  await page.goto(`${world.simulation.appUrl}/`);
  await page.locator('simulation-panel[data-live]').waitFor();
  await page.getByText('No fingerprint reader, PIN or security key?').waitFor();
  expect(await page.locator('.advised').count()).toBe(0);
});

test("the panel says what v0's links open in production", async () => {
  const page = await browser.visit(`${world.simulation.appUrl}/`);
  await page.getByText("leads to Beyond Identity's hosted authenticator").waitFor();
});
