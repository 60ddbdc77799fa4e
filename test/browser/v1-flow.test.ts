import { describe, expect, test } from '@jest/globals';
import { expectAccessible } from './browser.ts';
import { isSignedIn, setUp, useV1World } from './v1-world.ts';

const world = useV1World();

describe('a user of a v1 tenant who has lost every device', () => {
  test("recovers with an email link and signs in, both with the vendor's own web SDK", async () => {
    const { tenant, steps, appUrl } = world.simulation;
    const { page, link } = await world.requestLink();
    expect(new URL(link).searchParams.get('api_base_url')).toBe('https://auth-us.beyondidentity.com');
    const files: string[] = [];
    page.on('request', (request) => files.push(new URL(request.url()).pathname));
    await page.goto(link);
    await expectAccessible(page);
    // 6 MB, which nobody downloads before the confirmation
    expect(files).not.toContain('/beyond-identity-sdk.js');

    await setUp(page);
    await isSignedIn(page);
    expect(files).toContain('/beyond-identity-sdk.js');
    const shown = "as Jane Doe, with the passkey of the vendor's web SDK";
    expect(await page.getByText(shown, { exact: true }).count()).toBe(1);
    expect(await page.getByRole('heading', { name: "The vendor's own web SDK" }).count()).toBe(1);
    expect(steps().map(({ state }) => state)).toEqual(Array(8).fill('done'));
    expect(tenant.bindingJobs[0]).toMatchObject({ state: 'COMPLETE' });
    const calls = tenant.requests.map(({ operation }) => operation);
    const byBrowser = ['get-info', 'bind', 'authorize', 'keys', 'authenticate', 'sign-in'];
    expect(calls.slice(-byBrowser.length)).toEqual(byBrowser);
    await expectAccessible(page);

    // the browser can sign in without a link from now on
    await page.goto(`${appUrl}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with this device' }).click();
    await isSignedIn(page);
  });

  test('keeps the passkey in a key of the browser that cannot be exported', async () => {
    const { page, link } = await world.requestLink();
    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);
    const isExportable = await page.evaluate(async () => {
      const opening = indexedDB.open('keymaker');
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const reading = opening.result.transaction('keys').objectStore('keys').getAll();
      await new Promise((resolve) => reading.addEventListener('success', resolve));
      return reading.result.map((key) => key.subtle.signingKey.privateKey.extractable);
    });
    expect(isExportable).toEqual([false]);
  });

  test('signs in with the latest passkey after another recovery on the same device', async () => {
    const { page, link } = await world.requestLink();
    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);
    await world.requestLinkOn(page);
    await page.goto(world.latestLink());
    await setUp(page);
    await isSignedIn(page);
    expect(world.simulation.tenant.boundCredentials.length).toBeGreaterThan(1);
  });

  test('cannot sign in on a device without a passkey', async () => {
    const page = await world.browser.visit(`${world.simulation.appUrl}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with this device' }).click();
    await page.getByRole('heading', { name: 'Not signed in' }).waitFor();
  });

  test('leaves no service worker behind once signed in', async () => {
    const { page, link } = await world.requestLink();
    await page.goto(link);
    await setUp(page);
    await isSignedIn(page);
    await page.goto(`${world.simulation.appUrl}/mailbox`);
    const left = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
    expect(left).toBe(0);
  });
});
