import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openLink } from '../integration/local/tenant/v1/software-passkey.ts';
import { callApi } from '../integration/local/tenant/v1/v1-tenant-harness.ts';
import { inCompletionState } from './completion-page.ts';
import { isSignedIn, setUp, useV1World } from './v1-world.ts';

const world = useV1World();

/** Everything that a page reports: uncaught errors and the console. */
let reported: string[];
/** The URLs that a page requests. */
let requested: string[];
beforeEach(() => {
  reported = [];
  requested = [];
});

/** Opens the link and confirms; records what the page reports and requests. */
async function follow(page: Page, link: string): Promise<void> {
  page.on('pageerror', ({ message, stack }) => reported.push(`${message} ${stack}`));
  page.on('console', (message) => reported.push(message.text()));
  page.context().on('request', (request) => requested.push(request.url()));
  await page.goto(link);
  await setUp(page);
}

const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';

function expectNoDisclosure(link: string): void {
  const token = tokenOf(link);
  expect(token.length).toBeGreaterThan(20);
  expect(reported.join('\n')).not.toContain(token.slice(0, 12));
}

const tryAgain = (page: Page) => page.getByRole('button', { name: 'Try again' }).click();

describe('the completion page with the SDK of the vendor', () => {
  test.each<[string, (link: string) => Promise<unknown>]>([
    ['has expired', async () => world.simulation.tenant.expireLinks()],
    [
      'was revoked',
      (link) => {
        const { tenant } = world.simulation;
        const token = tenant.issueConsoleToken({ scopes: ['credential-binding-jobs:revoke'] });
        return callApi(tenant, `${openLink(link).path}:revoke`, { method: 'POST', body: {}, token });
      },
    ],
  ])('says that a link that %s no longer works, and discloses no token', async (_, spoil) => {
    const { page, link } = await world.requestLink();
    await spoil(link);
    await follow(page, link);
    await inCompletionState(page, 'invalid');
    expectNoDisclosure(link);
  });

  test('says that a link that was used no longer works, and discloses no token', async () => {
    const { page, link } = await world.requestLink();
    await follow(page, link);
    await isSignedIn(page);
    await page.goto(link);
    await setUp(page);
    await inCompletionState(page, 'invalid');
    expectNoDisclosure(link);
  });

  test('says that a link with a wrong token does not work', async () => {
    const { page, link } = await world.requestLink();
    await follow(page, link.replace(tokenOf(link), 'x'.repeat(64)));
    await inCompletionState(page, 'invalid');
  });
});

describe('a registration with the SDK of the vendor', () => {
  test.each(['get-info', 'bind'] as const)(
    'works at the second try, with the same link, after the operation %s has failed',
    async (operation) => {
      const { page, link } = await world.requestLink();
      world.simulation.tenant.fault({ kind: '500', operation, times: 1 });
      await follow(page, link);
      await inCompletionState(page, 'failed');
      await world.browser.expectProblem(/^uncaught: The registration did not succeed\.$/);
      expectNoDisclosure(link);
      await tryAgain(page);
      await isSignedIn(page);
    },
  );

  test('works at the second try after the connection to the tenant was reset', async () => {
    const { page, link } = await world.requestLink();
    // without a number: Chromium itself repeats a request whose kept connection was reset
    world.simulation.tenant.fault({ kind: 'reset', operation: 'bind' });
    await follow(page, link);
    await inCompletionState(page, 'offline');
    expectNoDisclosure(link);
    world.simulation.tenant.heal();
    await tryAgain(page);
    await isSignedIn(page);
  });

  test('works at the second try when the network was down before the SDK was loaded', async () => {
    const { page, link } = await world.requestLink();
    await page.goto(link);
    await page.context().setOffline(true);
    await setUp(page);
    await inCompletionState(page, 'offline');
    await page.context().setOffline(false);
    await tryAgain(page);
    await isSignedIn(page);
  });

  test('works at the second try when the file of the SDK could not be loaded', async () => {
    const { page, link } = await world.requestLink();
    await page.context().route(/beyond-identity-sdk\.js$/, (route) => route.abort(), { times: 1 });
    await follow(page, link);
    await inCompletionState(page, 'failed');
    await world.browser.expectProblem(/^uncaught: The registration did not succeed\.$/);
    await tryAgain(page);
    await isSignedIn(page);
    expectNoDisclosure(link);
  });
});

test('the sign-in of the simulation works at the second try when the file of the SDK could not be loaded', async () => {
  const { page, link } = await world.requestLink();
  await follow(page, link);
  await isSignedIn(page);
  await page.goto(`${world.simulation.appUrl}/sign-in`);
  await page.context().route(/beyond-identity-sdk\.js$/, (route) => route.abort(), { times: 1 });
  const signIn = page.getByRole('button', { name: 'Sign in with this device' });
  await signIn.click();
  await page.getByRole('heading', { name: 'Beyond Identity is unavailable' }).waitFor();
  await signIn.click();
  await isSignedIn(page);
});

describe('the token of a link', () => {
  test.each([
    ['a foreign host', 'https://evil.example', 'malformed'],
    ['a host that ends like one of the vendor', 'https://evilbeyondidentity.com', 'malformed'],
    [
      "a user name that looks like the vendor's host",
      'https://auth-us.beyondidentity.com@evil.example',
      'malformed',
    ],
    ['another host of the vendor', 'https://auth-eu.beyondidentity.com', 'malformed'],
    ["the vendor's host without TLS", 'http://auth-us.beyondidentity.com', 'malformed'],
  ])('goes nowhere when the link names %s as the API', async (_, base, state) => {
    const { page, link } = await world.requestLink();
    const before = world.simulation.tenant.requests.length;
    const foreign = new URL(link);
    foreign.searchParams.set('api_base_url', base);
    await follow(page, foreign.href);
    await inCompletionState(page, state);
    expect(world.simulation.tenant.requests).toHaveLength(before);
    const { origin } = new URL(world.simulation.appUrl);
    expect(requested.filter((url) => new URL(url).origin !== origin)).toEqual([]);
    expectNoDisclosure(link);
  });
});
