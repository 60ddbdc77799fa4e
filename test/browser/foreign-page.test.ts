import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { bundle } from '../../web/build.ts';
import { screenshot, useBrowser } from './browser.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { AT_ONCE, useSimulation } from './simulated-world.ts';

const browser = useBrowser();
let shop: RunningServer;
let stranger: RunningServer;
let body = '';

/** A page of somebody's own, with its own style, script and policy, to which the project is one file more. */
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
      'recover-user-form.js': bundle('recover-user-form/index.ts'),
    },
  });
  shop = await hostPage(files);
  stranger = await hostPage(files);
});
afterAll(async () => {
  await Promise.all([shop.close(), stranger.close()]);
});

const world = useSimulation(() => ({
  environment: { ...AT_ONCE, ALLOWED_ORIGINS: asLocalhost(shop.url) },
}));

beforeEach(() => {
  body = `<recover-user-form endpoint="${world.simulation.appUrl}/recover-user"></recover-user-form>`;
});

async function send(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill('jane@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
}

describe('in a page that knows nothing of this project, from another origin', () => {
  test('the element has a recovery mail sent, and tells the page', async () => {
    const page = await browser.visit(`${asLocalhost(shop.url)}/`);
    await send(page);
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    expect((await page.locator('#log').textContent())?.trim()).toBe('recovery-requested');
    expect(world.simulation.tenant.mails.map(({ to }) => to)).toEqual(['jane@example.com']);
    await screenshot(page, 'foreign-page');
  });

  test('it is styled through custom properties and parts, and by nothing else', async () => {
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

  test('it works when a framework makes it, moves it and sets its attributes afterwards', async () => {
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

  test('two of them on a page do not get in each other’s way', async () => {
    body += body;
    const page = await browser.visit(`${asLocalhost(shop.url)}/`);
    await page.getByLabel('Email address').first().fill('jane');
    await page.getByRole('button').first().click();
    const states = await page
      .locator('recover-user-form')
      .evaluateAll((forms) => forms.map((form) => form.getAttribute('state')));
    expect(states).toEqual(['invalid-address', 'idle']);
  });

  test('the endpoint does not take its requests unless the origin is allowed', async () => {
    const mails = world.simulation.tenant.mails.length;
    const page = await browser.visit(`${asLocalhost(stranger.url)}/`);
    await send(page);
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    expect((await page.locator('#log').textContent())?.trim()).toBe('recovery-failed offline');
    expect(world.simulation.tenant.mails).toHaveLength(mails);
  });
});
