import { describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { overflowsHorizontally } from './element-state.ts';
import { addVirtualAuthenticator, useSimulation } from './simulated-world.ts';

const browser = useBrowser();
const world = useSimulation();

async function requestLink(page: Page, address = 'jane@example.com'): Promise<void> {
  await page.goto(`${world.simulation.appUrl}/`);
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
}

/** Opens the app on a new device. */
async function newUser(options?: { isUserVerified: boolean }): Promise<Page> {
  const page = await browser.visit(`${world.simulation.appUrl}/`);
  await addVirtualAuthenticator(page, options);
  return page;
}

const setUp = (page: Page) => page.getByRole('button', { name: 'Set up this device' }).click();
const isSignedIn = (page: Page) => page.getByRole('heading', { name: 'Signed in', exact: true }).waitFor();
const states = () => world.simulation.steps().map(({ state }) => state);

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element.matches(':focus'))) return;
  }
  throw new Error('The element cannot be reached with Tab.');
}

describe('a user who has lost every device', () => {
  test('recovers with an email link and signs in', async () => {
    const page = await newUser();
    await expectAccessible(page);
    await screenshot(page, 'flow-1-recovery');

    await requestLink(page);
    await expectAccessible(page);
    await screenshot(page, 'flow-2-sent');

    await page
      .getByRole('complementary')
      .getByRole('link', { name: /mailbox/i })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Simulated mailbox' }).waitFor();
    expect(await page.getByText('Hello Jane Doe,').count()).toBe(1);
    await expectAccessible(page);
    await screenshot(page, 'flow-3-mailbox');

    await page.getByRole('link', { name: 'Recover my account' }).first().click();
    await page.getByRole('heading', { name: 'Set up this device' }).waitFor();
    expect(states().slice(4)).toEqual(['done', 'waiting', 'waiting', 'waiting']);
    await expectAccessible(page);
    await screenshot(page, 'flow-4-register');

    await setUp(page);
    await isSignedIn(page);
    expect(await page.getByText('as Jane Doe', { exact: true }).count()).toBe(1);
    expect(states()).toEqual(Array.from({ length: 8 }, () => 'done'));
    await expectAccessible(page);
    await screenshot(page, 'flow-5-signed-in');

    // the device can sign in without a link from now on
    await page.goto(`${world.simulation.appUrl}/sign-in`);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign in with this device' }).click();
    await isSignedIn(page);
  });

  test('can recover with the keyboard only', async () => {
    const page = await newUser();
    await tabTo(page, page.getByLabel('Email address'));
    await page.keyboard.type('john@example.com');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    await tabTo(
      page,
      page
        .getByRole('complementary')
        .getByRole('link', { name: /mailbox/i })
        .first(),
    );
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Simulated mailbox' }).waitFor();
    await tabTo(page, page.getByRole('link', { name: 'Recover my account' }).first());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Set up this device' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Set up this device' }));
    await page.keyboard.press('Space');
    await isSignedIn(page);
    expect(await page.getByText('as John Roe', { exact: true }).count()).toBe(1);
  });

  test('sees the same page as somebody without an account', async () => {
    const page = await newUser();
    await requestLink(page);
    const known = await page.locator('recover-user-form .content').textContent();
    expect(known).toContain('If an account exists for jane@example.com');
    const mails = world.simulation.tenant.mails.length;
    await requestLink(page, 'nobody@example.com');
    const unknown = await page.locator('recover-user-form .content').textContent();
    expect(unknown?.replace('nobody@', 'jane@')).toBe(known);
    expect(world.simulation.tenant.mails).toHaveLength(mails);
  });

  test('can use the same link after an interrupted setup', async () => {
    const page = await newUser({ isUserVerified: false });
    await requestLink(page);
    await page.goto(world.latestLink());
    await setUp(page);
    await page.getByRole('heading', { name: 'Not set up yet' }).waitFor();

    const again = await newUser();
    await again.goto(world.latestLink());
    await setUp(again);
    await isSignedIn(again);
  });
});

describe('a recovery link', () => {
  test('is not consumed by an email security scanner, with or without JavaScript', async () => {
    const page = await newUser();
    await requestLink(page);
    const link = world.latestLink();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);
    const scanner = await browser.visit(link);
    await addVirtualAuthenticator(scanner);
    await scanner.waitForLoadState('load');
    await scanner.close();
    expect(states().slice(5)).toEqual(['waiting', 'waiting', 'waiting']);

    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);
  });

  test('works once', async () => {
    const page = await newUser();
    await requestLink(page);
    const link = world.latestLink();
    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);

    const other = await newUser();
    await other.goto(link);
    await setUp(other);
    await other.getByRole('heading', { name: 'This link has already been used' }).waitFor();
    await expectAccessible(other);
  });

  test('expires', async () => {
    const page = await newUser();
    await requestLink(page);
    await page.getByText('Simulate a failure').click();
    await page.getByRole('button', { name: /expire/i }).click();
    await page.getByText('The links sent so far have expired.').first().waitFor();
    await page.goto(world.latestLink());
    await setUp(page);
    await page.getByRole('heading', { name: 'This link has expired' }).waitFor();
    await page.getByRole('link', { name: 'Request a new link' }).click();
    await page.getByRole('heading', { name: 'Recover your account' }).waitFor();
  });

  test('is reported as malformed when truncated', async () => {
    const page = await newUser();
    await requestLink(page);
    await page.goto(world.latestLink().slice(0, -5));
    await setUp(page);
    await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  });

  test('redirects to the sign-in route only, whatever is added to it', async () => {
    const page = await newUser();
    await requestLink(page);
    await page.goto(`${world.latestLink()}&continue=${encodeURIComponent('https://evil.example/')}`);
    await setUp(page);
    await isSignedIn(page);
    expect(page.url()).toBe(`${world.simulation.appUrl}/sign-in`);
  });
});

describe('when Beyond Identity is unavailable', () => {
  test('the request is accepted, queued and delivered after the outage', async () => {
    const page = await newUser();
    const mails = world.simulation.tenant.mails.length;
    await page.getByText('Simulate a failure').click();
    await page.getByRole('button', { name: 'Connection reset' }).click();
    await page.getByText('Simulated failure: Connection reset.').waitFor();
    await requestLink(page);
    await page.getByText('The request waits in the outbox').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, 'flow-outage');
    expect(world.simulation.tenant.mails).toHaveLength(mails);

    expect(await page.getByText('Active failure: Connection reset').count()).toBe(1);
    await page.getByText('Active failure: Connection reset').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'None', exact: true }).click();
    await page.getByText('Sent to the registered address').waitFor();
    expect(world.simulation.tenant.mails).toHaveLength(mails + 1);
  });

  test('a registration can be retried', async () => {
    const page = await newUser();
    await requestLink(page);
    await page.goto(world.latestLink());
    world.simulation.tenant.fault({ kind: '500' });
    await setUp(page);
    await page.getByRole('heading', { name: 'Something went wrong' }).waitFor();
    await browser.expectProblem(/^uncaught: /);
    world.simulation.tenant.heal();
    await page.getByRole('button', { name: 'Try again' }).click();
    await isSignedIn(page);
  });
});

test('a device without a credential shows an error and links to recovery', async () => {
  const page = await newUser();
  await page.goto(`${world.simulation.appUrl}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with this device' }).click();
  await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'I lost my device' }).click();
  await page.getByRole('heading', { name: 'Recover your account' }).waitFor();
});

test.each([
  ['on a narrow screen the panel is below the app', { width: 360, height: 700 }],
  ['on a wide screen the panel is next to the app', { width: 1280, height: 800 }],
])('%s and covers nothing', async (_name, viewport) => {
  const page = await newUser();
  await page.setViewportSize(viewport);
  const main = await page.locator('main').boundingBox();
  const panel = await page.getByRole('complementary').boundingBox();
  if (main === null || panel === null) throw new Error('The app or the panel is not visible.');
  const apart =
    panel.x >= main.x + main.width || main.x >= panel.x + panel.width || panel.y >= main.y + main.height;
  expect(apart).toBe(true);
  expect(await overflowsHorizontally(page)).toBe(false);
  await screenshot(page, `panel-${viewport.width}`);
});
