import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { FAULT_CHOICES, faultName } from '../../local/demo-app/fault-names.ts';
import { expectAccessible, useBrowser } from './browser.ts';
import { addVirtualAuthenticator, useSimulation } from './simulated-world.ts';

const browser = useBrowser();
const world = useSimulation();

/** Opens a page of the app, once its panel is live. */
async function open(path: string, page?: Page): Promise<Page> {
  const url = world.simulation.appUrl + path;
  const opened = page ?? (await browser.visit(url));
  if (page) await page.goto(url);
  await opened.locator('simulation-panel[data-live]').waitFor();
  return opened;
}

async function requestLink(page: Page, address = 'jane@example.com'): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
}

/** Waits until a step has a state. */
function hasState(page: Page, step: string, state: string): Promise<void> {
  return page.locator(`[data-step="${step}"][data-state="${state}"]`).waitFor();
}

/** The states of the steps that the panel shows. */
function shownStates(page: Page): Promise<(string | null)[]> {
  return page
    .locator('[data-step]')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-state')));
}

const WAITING = Array<string>(8).fill('waiting');

describe('the panel', () => {
  test('shows nothing of an earlier recovery on a fresh recovery page, and the next recovery from its request on', async () => {
    await requestLink(await open('/'));
    const fresh = await open('/');
    expect(await shownStates(fresh)).toEqual(WAITING);
    await requestLink(fresh, 'john@example.com');
    await hasState(fresh, 'mailed', 'done');
  });

  test('goes on showing a recovery after a reload of the recovery page, and in the mailbox of another tab', async () => {
    const page = await open('/');
    await requestLink(page);
    const mailbox = await open('/mailbox');
    await hasState(mailbox, 'mailed', 'done');
    await open('/');
    await page.reload();
    await hasState(page, 'mailed', 'done');
    await hasState(mailbox, 'mailed', 'done');
  });

  test('starts over on every page when the user chooses it', async () => {
    const page = await open('/');
    await requestLink(page);
    const mailbox = await open('/mailbox');
    await hasState(mailbox, 'mailed', 'done');
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('heading', { name: 'Recover your account' }).waitFor();
    await hasState(mailbox, 'mailed', 'waiting');
    expect(await shownStates(page)).toEqual(WAITING);
  });

  test('starts over once the user has signed in and opens the sign-in page again', async () => {
    const page = await open('/');
    await addVirtualAuthenticator(page);
    await requestLink(page);
    await page.goto(world.latestLink());
    await page.getByRole('button', { name: 'Set up this device' }).click();
    await hasState(page, 'signed-in', 'done');
    await open('/sign-in', page);
    await hasState(page, 'signed-in', 'waiting');
    expect(await shownStates(page)).toEqual(WAITING);
  });

  test('shows an end, and no problem, for an unknown user', async () => {
    const page = await open('/');
    await requestLink(page, 'nobody@example.com');
    await page.getByText('No email: unknown user').waitFor();
    expect((await shownStates(page)).slice(0, 5)).toEqual(['done', 'done', 'done', 'ended', 'waiting']);
    await expectAccessible(page);
  });

  test('shows a second email of the same request, as the mailbox does', async () => {
    const page = await open('/');
    world.simulation.tenant.fault({ kind: 'lost-response', times: 1 });
    await requestLink(page);
    await page.getByText('Email 2 of the same request').waitFor();
    await open('/mailbox', page);
    await page.getByRole('link', { name: /Email 2 of the same request/ }).waitFor();
    expect(await page.getByRole('article').getByText('Email 2 of the same request').count()).toBe(1);
    await expectAccessible(page);
  });

  test('has one word for a failure: on its button, in the summary and in the step', async () => {
    const page = await open('/');
    await page.getByText('Simulate a failure').click();
    for (const { kind } of FAULT_CHOICES) {
      const name = faultName(kind);
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByText(`Simulated failure: ${name}.`).waitFor();
      await page.getByText(`Active failure: ${name}`).waitFor();
    }
    await page.getByRole('button', { name: 'Error 429' }).click();
    await page.getByText('Active failure: Error 429').waitFor();
    await requestLink(page);
    await page.locator('[data-step="called"]').getByText('Error 429').first().waitFor();
  });
});

describe('the mailbox', () => {
  test('opens an email from the list without JavaScript', async () => {
    const page = await open('/');
    await requestLink(page);
    await requestLink(await open('/'), 'john@example.com');
    const mailbox = await browser.visit(`${world.simulation.appUrl}/mailbox`, { javaScriptEnabled: false });
    const article = mailbox.getByRole('article');
    expect(await article.textContent()).toContain('Hello John Roe,');
    await mailbox
      .getByRole('link', { name: /to jane@example\.com/ })
      .first()
      .click();
    await article.getByText('Hello Jane Doe,').waitFor();
    expect(await article.textContent()).toContain('Beyond Identity (simulated) <no-reply@tenant.example>');
    await article.getByRole('link', { name: 'Recover my account' }).waitFor();
  });

  test('shows a new email as soon as it arrives', async () => {
    const mailbox = await open('/mailbox');
    await requestLink(await open('/'));
    await mailbox.waitForFunction(
      (mails) => document.body.dataset['mails'] === mails,
      `${world.simulation.tenant.mails.length}`,
    );
  });
});
