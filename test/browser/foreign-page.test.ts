import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { bundleElement } from '../../web/bundle.ts';
import { screenshot, useBrowser } from './browser.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { NO_DELAYS, useSimulation } from './simulated-world.ts';

const browser = useBrowser();
let shop: RunningServer;
let unlistedHost: RunningServer;
let body = '';

/** A host page with its own styles, scripts and policy, which embeds the element. */
beforeAll(async () => {
  const files = () => ({
    headers: {
      'Content-Security-Policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ${world.simulation.appUrl}`,
    },
    files: {
      'index.html': `<!doctype html><html lang="en"><head><title>Shop</title>
        <link rel="icon" href="icon.svg"><link rel="stylesheet" href="shop.css">
        <script type="module" src="recover-user-form.js"></script><script type="module" src="shop.js"></script>
        <script type="module" src="recover-user-form.js?a-second-time"></script>
        </head><body><main><h1>Shop</h1>${body}<p id="log"></p></main></body></html>`,
      'shop.css': `
        :root { --text: red; } * { --accent: red; --gap: 9rem; }
        * { all: unset !important; color: red !important; } head, style, script { display: none !important; }
        recover-user-form { display: block !important; --recovery-accent: rgb(120, 0, 120); --recovery-radius: 0; }
        recover-user-form::part(button) { text-transform: uppercase; }`,
      'shop.js': `
        for (const type of ['recovery-requested', 'recovery-failed']) {
          document.querySelector('#log').parentNode.addEventListener(type, (event) => {
            document.querySelector('#log').append(type, ' ', event.detail?.reason ?? '', ' ');
          });
        }`,
      'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      ...bundleElement('recover-user-form'),
    },
  });
  shop = await hostPage(files);
  unlistedHost = await hostPage(files);
});
afterAll(async () => {
  await Promise.all([shop.close(), unlistedHost.close()]);
});

const world = useSimulation(() => ({
  environment: { ...NO_DELAYS, ALLOWED_ORIGINS: asLocalhost(shop.url) },
}));

beforeEach(() => {
  body = `<recover-user-form endpoint="${world.simulation.appUrl}/recover-user"></recover-user-form>`;
});

async function send(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill('jane@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
}

describe('in a page of another origin', () => {
  test('the element requests a recovery email and dispatches an event', async () => {
    const page = await browser.visit(`${asLocalhost(shop.url)}/`);
    await send(page);
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    expect((await page.locator('#log').textContent())?.trim()).toBe('recovery-requested');
    expect(world.simulation.tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com']);
    await screenshot(page, 'foreign-page');
  });

  test('only custom properties and parts style the element', async () => {
    const page = await browser.visit(`${asLocalhost(shop.url)}/`);
    const style = await page.getByRole('button').evaluate((button) => {
      const { backgroundColor, borderRadius, textTransform, display } = getComputedStyle(button);
      return { backgroundColor, borderRadius, textTransform, isLaidOut: display !== 'inline' };
    });
    expect(style).toEqual({
      backgroundColor: 'rgb(120, 0, 120)',
      borderRadius: '0px',
      textTransform: 'uppercase',
      isLaidOut: true,
    });
    expect(
      await page.getByLabel('Email address').evaluate((input) => getComputedStyle(input).color),
    ).not.toBe('rgb(255, 0, 0)');
  });

  test('the element works when a framework creates it, moves it and sets its attributes afterwards', async () => {
    body = '';
    const page = await browser.visit(`${asLocalhost(shop.url)}/`);
    await page.evaluate((endpoint) => {
      const form = document.createElement('recover-user-form');
      const wrapper = document.createElement('div');
      wrapper.append(form);
      document.querySelector('main')?.append(wrapper);
      document.querySelector('main')?.prepend(form);
      form.setAttribute('endpoint', endpoint);
    }, `${world.simulation.appUrl}/recover-user`);
    await send(page);
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  });

  test('two elements on a page do not affect each other', async () => {
    body += body;
    const page = await browser.visit(`${asLocalhost(shop.url)}/`);
    await page.getByLabel('Email address').first().fill('jane');
    await page.getByRole('button').first().click();
    const states = await page
      .locator('recover-user-form')
      .evaluateAll((forms) =>
        forms.map((form) => [form.matches(':state(invalid-address)'), form.matches(':state(idle)')]),
      );
    expect(states).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('the endpoint rejects requests from an origin that is not allowed', async () => {
    const mails = world.simulation.tenant.mails.length;
    const page = await browser.visit(`${asLocalhost(unlistedHost.url)}/`);
    await send(page);
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    expect((await page.locator('#log').textContent())?.trim()).toBe('recovery-failed offline');
    expect(world.simulation.tenant.mails).toHaveLength(mails);
  });
});
