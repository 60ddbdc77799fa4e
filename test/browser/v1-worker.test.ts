import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { useV1World } from './v1-world.ts';

const world = useV1World();

const AUTH = 'https://auth-us.beyondidentity.com';
const APPLICATION = 'v1/tenants/t/realms/r/applications/a';

/** A page that the service worker controls. */
async function controlledPage(): Promise<Page> {
  const page = await world.browser.visit(`${world.simulation.appUrl}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with this device' }).click();
  await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  return page;
}

/** Sends a request from the page; the status of the response, or the error. */
function call(page: Page, url: string): Promise<number | string> {
  return page.evaluate(
    (address) => fetch(address, { method: 'POST', body: '{}' }).then(({ status }) => status, String),
    url,
  );
}

test('the service worker of the simulation sends a call of the SDK to the tenant', async () => {
  const page = await controlledPage();
  expect(await call(page, `${AUTH}/${APPLICATION}/bi-authenticate`)).toBe(404);
  expect(world.simulation.tenant.requests.at(-1)).toMatchObject({ operation: 'authenticate' });
});

test('the service worker of the simulation refuses every other call to the vendor, and passes it on to nobody', async () => {
  const page = await controlledPage();
  const workers = page.context().serviceWorkers();
  expect(workers).toHaveLength(1);
  // what the worker itself fetches
  const fetched = await workers[0]?.evaluateHandle(() => {
    const urls: string[] = [];
    const { fetch: original } = globalThis;
    globalThis.fetch = (input, init) => {
      urls.push(String(input instanceof Request ? input.url : input));
      return original(input, init);
    };
    return urls;
  });
  const before = world.simulation.tenant.requests.length;
  for (const url of [
    `${AUTH}/v1/other`,
    `${AUTH}/${APPLICATION}/token`,
    `${AUTH}/v1/tenants/t/realms/r/identities/i/credential-binding-jobs/j:revoke`,
    `https://api-us.beyondidentity.com/v1/tenants/t/realms/r/identities`,
  ]) {
    expect([url, await call(page, url)]).toEqual([url, 'TypeError: Failed to fetch']);
  }
  expect(new Set(await fetched?.jsonValue())).toEqual(new Set(['/simulation/config.json']));
  expect(world.simulation.tenant.requests).toHaveLength(before);
});

test('the policy of the simulated pages blocks the other hosts of the vendor', async () => {
  const page = await controlledPage();
  for (const url of ['https://auth-eu.beyondidentity.com/', 'https://api.byndid.com/', `${AUTH}:444/`]) {
    expect([url, await call(page, url)]).toEqual([url, 'TypeError: Failed to fetch']);
    await world.browser.expectProblem(new RegExp(`^policy: connect-src ${url}`));
  }
});

test('the service worker removes itself and reloads its pages where another program has replaced the simulation', async () => {
  const page = await controlledPage();
  await page
    .context()
    .route('**/simulation/config.json', (route) => route.fulfill({ status: 404, body: 'x' }));
  const reloaded = page.waitForEvent('load');
  // without waiting for the response: the page is gone before it
  await page.evaluate((url) => void fetch(url).catch(() => {}), `${AUTH}/${APPLICATION}/bi-authenticate`);
  await reloaded;
  const left = await page.evaluate(async () => ({
    controller: navigator.serviceWorker.controller,
    registrations: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(left).toEqual({ controller: null, registrations: 0 });
});
