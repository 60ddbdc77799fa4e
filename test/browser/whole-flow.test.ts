import { describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { sticksOut } from './element-state.ts';
import { giveDevice, useSimulation } from './simulated-world.ts';

const browser = useBrowser();
const world = useSimulation();

async function askForLink(page: Page, address = 'jane@example.com'): Promise<void> {
  await page.goto(`${world.simulation.appUrl}/`);
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
}

/** A person in front of a new device. */
async function newPerson(options?: { isPersonThere: boolean }): Promise<Page> {
  const page = await browser.visit(`${world.simulation.appUrl}/`);
  await giveDevice(page, options);
  return page;
}

const setUp = (page: Page) => page.getByRole('button', { name: 'Set up this device' }).click();
const isSignedIn = (page: Page) => page.getByRole('heading', { name: 'Signed in', exact: true }).waitFor();
const states = () => world.simulation.steps().map(({ state }) => state);

/** Goes on with the Tab key until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element.matches(':focus'))) return;
  }
  throw new Error('The keyboard does not get there.');
}

describe('a person who has lost every device', () => {
  test('gets from typing an address to signed in', async () => {
    const page = await newPerson();
    await expectAccessible(page);
    await screenshot(page, 'flow-1-recovery');

    await askForLink(page);
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

    // and it is the device that signs in from now on, without any link
    await page.goto(`${world.simulation.appUrl}/sign-in`);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign in with this device' }).click();
    await isSignedIn(page);
  });

  test('needs no mouse', async () => {
    const page = await newPerson();
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

  test('is told the same as somebody without an account', async () => {
    const page = await newPerson();
    await askForLink(page);
    const known = await page.locator('recover-user-form .content').textContent();
    expect(known).toContain('If an account exists for jane@example.com');
    const mails = world.simulation.tenant.mails.length;
    await askForLink(page, 'nobody@example.com');
    const unknown = await page.locator('recover-user-form .content').textContent();
    expect(unknown?.replace('nobody@', 'jane@')).toBe(known);
    expect(world.simulation.tenant.mails).toHaveLength(mails);
  });

  test('who stops in the middle can go on with the same link', async () => {
    const page = await newPerson({ isPersonThere: false });
    await askForLink(page);
    await page.goto(world.latestLink());
    await setUp(page);
    await page.getByRole('heading', { name: 'Not set up yet' }).waitFor();

    const again = await newPerson();
    await again.goto(world.latestLink());
    await setUp(again);
    await isSignedIn(again);
  });
});

describe('a recovery link', () => {
  test('is not used up by a robot that opens it, with scripts or without', async () => {
    const page = await newPerson();
    await askForLink(page);
    const link = world.latestLink();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);
    const robot = await browser.visit(link);
    await giveDevice(robot);
    await robot.waitForLoadState('load');
    await robot.close();
    expect(states().slice(5)).toEqual(['waiting', 'waiting', 'waiting']);

    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);
  });

  test('works once', async () => {
    const page = await newPerson();
    await askForLink(page);
    const link = world.latestLink();
    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);

    const other = await newPerson();
    await other.goto(link);
    await setUp(other);
    await other.getByRole('heading', { name: 'This link has been used' }).waitFor();
    await expectAccessible(other);
  });

  test('expires', async () => {
    const page = await newPerson();
    await askForLink(page);
    await page.getByText('Simulate a failure').click();
    await page.getByRole('button', { name: /expire/i }).click();
    await page.getByText('The links sent so far have expired.').first().waitFor();
    await page.goto(world.latestLink());
    await setUp(page);
    await page.getByRole('heading', { name: 'This link has expired' }).waitFor();
    await page.getByRole('link', { name: 'Request a new link' }).click();
    await page.getByRole('heading', { name: 'Recover your account' }).waitFor();
  });

  test('that was cut short is malformed', async () => {
    const page = await newPerson();
    await askForLink(page);
    await page.goto(world.latestLink().slice(0, -5));
    await setUp(page);
    await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  });

  test('leads to no other place than the sign-in route, whatever is added to it', async () => {
    const page = await newPerson();
    await askForLink(page);
    await page.goto(`${world.latestLink()}&continue=${encodeURIComponent('https://evil.example/')}`);
    await setUp(page);
    await isSignedIn(page);
    expect(page.url()).toBe(`${world.simulation.appUrl}/sign-in`);
  });
});

describe('when Beyond Identity is out of order', () => {
  test('the request is accepted as always, waits, and is mailed once it is healed', async () => {
    const page = await newPerson();
    const mails = world.simulation.tenant.mails.length;
    await page.getByText('Simulate a failure').click();
    await page.getByRole('button', { name: 'Resets the connection' }).click();
    await page.getByText('Simulated failure: Resets the connection.').waitFor();
    await askForLink(page);
    await page.getByText('The request waits in the outbox').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, 'flow-outage');
    expect(world.simulation.tenant.mails).toHaveLength(mails);

    expect(await page.getByText('Active failure: Resets the connection').count()).toBe(1);
    await page.getByText('Active failure: Resets the connection').click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'None', exact: true }).click();
    await page.getByText('Sent to the registered address').waitFor();
    expect(world.simulation.tenant.mails).toHaveLength(mails + 1);
  });

  test('a registration can be done again', async () => {
    const page = await newPerson();
    await askForLink(page);
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

test('a device without a credential is told so, and led to recovery', async () => {
  const page = await newPerson();
  await page.goto(`${world.simulation.appUrl}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with this device' }).click();
  await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'I lost my device' }).click();
  await page.getByRole('heading', { name: 'Recover your account' }).waitFor();
});

test.each([
  ['on a narrow screen the panel comes below', { width: 360, height: 700 }],
  ['on a wide screen it stands beside', { width: 1280, height: 800 }],
])('%s, and nothing is covered', async (_name, viewport) => {
  const page = await newPerson();
  await page.setViewportSize(viewport);
  const main = await page.locator('main').boundingBox();
  const panel = await page.getByRole('complementary').boundingBox();
  if (main === null || panel === null) throw new Error('Something is not shown.');
  const apart =
    panel.x >= main.x + main.width || main.x >= panel.x + panel.width || panel.y >= main.y + main.height;
  expect(apart).toBe(true);
  expect(await sticksOut(page)).toBe(false);
  await screenshot(page, `panel-${viewport.width}`);
});
