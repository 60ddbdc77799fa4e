import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildRecoveryPage } from '../../web/build.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { type ScriptedEndpoint, type ScriptedResponse, startScriptedEndpoint } from './scripted-endpoint.ts';

const ADDRESS = 'jane@example.com';
const ACCEPTED: ScriptedResponse = { status: 202 };

const browser = useBrowser();
let endpoint: ScriptedEndpoint;
let host: RunningServer;

beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
  const page = buildRecoveryPage({ endpoint: endpoint.url, endpointOrigin: endpoint.origin });
  host = await hostPage(() => page);
});
beforeEach(() => {
  endpoint.nextResponse = ACCEPTED;
  endpoint.bodies.length = 0;
});
afterAll(async () => {
  await Promise.all([host.close(), endpoint.close()]);
});

const visit = (query = '') => browser.visit(`${asLocalhost(host.url)}/${query}`);

async function send(page: Page, address = ADDRESS): Promise<void> {
  await page.getByLabel('Email address').fill(address);
  await page.getByRole('button', { name: 'Send the link' }).click();
}

/** Records the events of the form. The returned function returns those so far. */
async function recordEvents(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(() => {
    const recorded: unknown[] = [];
    Reflect.set(globalThis, 'recordedEvents', recorded);
    for (const type of ['recovery-requested', 'recovery-failed']) {
      document.addEventListener(type, (event) => {
        recorded.push(event instanceof CustomEvent && event.detail ? [type, event.detail] : [type]);
      });
    }
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'recordedEvents'));
}

describe('the form', () => {
  test('starts idle and does not take the focus from the page', async () => {
    const page = await visit();
    await inState(page, 'idle');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Recover your account');
    await expectAccessible(page);
    await screenshot(page, 'idle');
  });

  test.each(['', 'jane', 'jane@', 'jane@exa mple.com'])(
    'rejects the address %j without a request',
    async (address) => {
      const page = await visit();
      await page.getByLabel('Email address').fill(address);
      await page.keyboard.press('Enter');
      await inState(page, 'invalid-address');
      const message = 'Enter a valid email address, for example jane@example.com.';
      expect(await focusAndAnnouncement(page)).toEqual(['address', message]);
      const input = page.getByRole('textbox', { name: 'Email address', description: message });
      expect(await input.getAttribute('aria-invalid')).toBe('true');
      expect(endpoint.bodies).toEqual([]);
    },
  );

  test('clears the error when a valid address is submitted', async () => {
    const page = await visit();
    await send(page, 'jane');
    await inState(page, 'invalid-address');
    await expectAccessible(page);
    await screenshot(page, 'invalid-address');
    await send(page);
    await inState(page, 'sent');
    expect(endpoint.bodies).toEqual([{ email: ADDRESS }]);
  });

  test('shows an invalid address when the endpoint rejects it', async () => {
    endpoint.nextResponse = { status: 422, body: { errors: [{ pointer: '#/email', detail: 'x' }] } };
    const page = await visit();
    const events = await recordEvents(page);
    await send(page);
    await inState(page, 'invalid-address');
    expect(await events()).toEqual([['recovery-failed', { reason: 'invalid-address' }]]);
  });

  test('cannot be submitted twice and shows its progress', async () => {
    endpoint.nextResponse = 'hang';
    const page = await visit();
    await send(page);
    await inState(page, 'sending');
    expect(await focusAndAnnouncement(page)).toEqual(['Sending…', 'Sending…']);
    expect(await page.getByRole('progressbar').getAttribute('aria-label')).toBe('Sending…');
    expect(await page.getByLabel('Email address').getAttribute('readonly')).not.toBeNull();
    await page.getByRole('button').press('Enter');
    await page.getByRole('button').click({ force: true });
    await page.getByLabel('Email address').press('Enter');
    await expectAccessible(page);
    await screenshot(page, 'sending');
    endpoint.release();
    await inState(page, 'sent');
    expect(endpoint.bodies).toEqual([{ email: ADDRESS }]);
  });

  test('does not animate the progress bar for users who prefer reduced motion', async () => {
    endpoint.nextResponse = 'hang';
    const page = await visit();
    await send(page);
    const animation = () =>
      page.getByRole('progressbar').evaluate((bar) => getComputedStyle(bar, '::before').animationName);
    expect(await animation()).toBe('progress');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await animation()).toBe('none');
    endpoint.release();
  });
});

const STATES: readonly {
  state: string;
  response: ScriptedResponse;
  title: string;
  message: RegExp;
  failure?: object;
}[] = [
  {
    state: 'sent',
    response: ACCEPTED,
    title: 'Check your inbox',
    message: /^If an account exists for jane@example\.com, /,
  },
  {
    state: 'too-many-requests',
    response: { status: 429, headers: { 'Retry-After': '300' } },
    title: 'Too many requests',
    message: /^There were too many requests from your network\.$/,
    failure: { reason: 'too-many-requests', retryAfterSeconds: 300 },
  },
  {
    state: 'unavailable',
    response: { status: 503, headers: { 'Retry-After': '60' } },
    title: 'Not available right now',
    message: /^Recovery is not available at the moment\.$/,
    failure: { reason: 'unavailable', retryAfterSeconds: 60 },
  },
  {
    state: 'offline',
    response: 'reset',
    title: 'No connection',
    message: /check your connection and try again\.$/,
    failure: { reason: 'offline' },
  },
  {
    state: 'failed',
    response: { status: 500, headers: { 'X-Request-Id': 'c6af9ac6' } },
    title: 'Something went wrong',
    message: /give support this reference: c6af9ac6$/,
    failure: { reason: 'failed', requestId: 'c6af9ac6' },
  },
];

describe.each(STATES)('in the state $state', ({ state, response, title, message, failure }) => {
  test('the form shows and announces it and dispatches an event', async () => {
    endpoint.nextResponse = response;
    const page = await visit();
    const events = await recordEvents(page);
    await send(page);
    await inState(page, state);
    const [focused, announced] = await focusAndAnnouncement(page);
    expect(focused).toBe(title);
    expect(announced?.replace(`${title}. `, '')).toMatch(message);
    expect(await events()).toEqual([failure ? ['recovery-failed', failure] : ['recovery-requested']]);
    await expectAccessible(page);
    await screenshot(page, state);
  });

  test('the form keeps the address and can be submitted again', async () => {
    endpoint.nextResponse = response;
    const page = await visit();
    await page.clock.install();
    await send(page);
    await inState(page, state);
    endpoint.nextResponse = ACCEPTED;
    await page.clock.runFor('05:01');
    await page.getByRole('button', { name: /^(Send again|Try again)$/ }).click();
    await inState(page, 'sent');
    expect(endpoint.bodies).toEqual([{ email: ADDRESS }, { email: ADDRESS }]);

    await page.getByRole('button', { name: 'Use another address' }).click();
    await inState(page, 'idle');
    expect((await focusAndAnnouncement(page))[0]).toBe('address');
    expect(await page.getByLabel('Email address').inputValue()).toBe(ADDRESS);
  });
});

describe('a pause', () => {
  test.each(['too-many-requests', 'unavailable'])('after %s applies to every address', async (state) => {
    endpoint.nextResponse = { status: state === 'unavailable' ? 503 : 429, headers: { 'Retry-After': '60' } };
    const page = await visit();
    await page.clock.install();
    await send(page);
    await inState(page, state);
    const other = page.getByRole('button', { name: 'Use another address' });
    await other.click({ force: true });
    await inState(page, state);
    await page.clock.runFor(61_000);
    await other.click();
    await inState(page, 'idle');
    expect(endpoint.bodies).toHaveLength(1);
  });

  test('after a sent email applies to that mailbox only', async () => {
    const page = await visit();
    const other = page.getByRole('button', { name: 'Use another address' });
    await page.clock.install();
    await send(page);
    await inState(page, 'sent');
    await page.clock.runFor(20_000);
    await other.click();
    await send(page);
    await inState(page, 'sent');
    expect(await page.getByText(/^You can try again in (40|39) seconds\.$/).count()).toBe(1);
    expect(endpoint.bodies).toEqual([{ email: ADDRESS }]);

    await other.click();
    await send(page, 'john@example.com');
    await inState(page, 'sent');
    expect(endpoint.bodies).toEqual([{ email: ADDRESS }, { email: 'john@example.com' }]);
  });

  test('counts down and announces its end', async () => {
    endpoint.nextResponse = { status: 429, headers: { 'Retry-After': '125' } };
    const page = await visit();
    await page.clock.install();
    await send(page);
    await inState(page, 'too-many-requests');
    const again = page.getByRole('button', { name: 'Try again' });
    const countdown = page.locator('recover-user-form').getByText(/^You can try again/);
    expect(await countdown.first().textContent()).toBe('You can try again in 3 minutes.');
    await page.clock.runFor(65_000);
    expect(await countdown.first().textContent()).toMatch(/^You can try again in (60|59) seconds\.$/);
    expect(await again.getAttribute('aria-disabled')).toBe('true');
    await again.click({ force: true });
    await inState(page, 'too-many-requests');
    expect(endpoint.bodies).toHaveLength(1);
    await page.clock.runFor(61_000);
    expect(await again.getAttribute('aria-disabled')).toBe('false');
    expect((await focusAndAnnouncement(page))[1]).toBe('You can try again now.');
  });

  test('lasts for resend-after and survives a language change', async () => {
    const page = await visit();
    await page.locator('recover-user-form').evaluate((form) => form.setAttribute('resend-after', '90'));
    await page.clock.install();
    await send(page);
    await inState(page, 'sent');
    await page.clock.runFor(30_000);
    await page.evaluate(() => {
      document.documentElement.lang = 'de-CH';
    });
    expect(await page.getByText(/^In (60|59) Sekunden /).count()).toBe(1);
    // the focus stays on the heading, and no text of the previous language is announced
    expect(await focusAndAnnouncement(page)).toEqual(['Sehen Sie in Ihr Postfach', '']);
    expect(await page.getByRole('heading').textContent()).toBe('Sehen Sie in Ihr Postfach');
  });

  test('of 0 seconds enables the button immediately', async () => {
    const page = await visit();
    await page.locator('recover-user-form').evaluate((form) => form.setAttribute('resend-after', '0'));
    await send(page);
    await inState(page, 'sent');
    expect(await page.getByRole('button', { name: 'Send again' }).getAttribute('aria-disabled')).toBe(
      'false',
    );
  });
});

test('the attribute email does not replace the address of a request in flight', async () => {
  endpoint.nextResponse = 'hang';
  const page = await visit();
  const setEmail = (address: string) =>
    page.locator('recover-user-form').evaluate((form, email) => form.setAttribute('email', email), address);
  await setEmail(ADDRESS);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await inState(page, 'sending');
  await setEmail('john@example.com');
  endpoint.release();
  await inState(page, 'sent');
  expect(await page.locator('recover-user-form .content').textContent()).toContain(
    'exists for jane@example.com',
  );
});

test('the event is dispatched after the form has changed its state', async () => {
  const page = await visit();
  await page.evaluate(() => {
    document.addEventListener('recovery-requested', (event) => {
      document.title = event.target instanceof Element ? (event.target.getAttribute('state') ?? '') : '';
    });
  });
  await send(page);
  await inState(page, 'sent');
  expect(await page.title()).toBe('sent');
});

describe('an error of the page', () => {
  test('such as a missing endpoint is reported to the page', async () => {
    const page = await visit();
    await page.locator('recover-user-form').evaluate((form) => form.removeAttribute('endpoint'));
    await send(page);
    await inState(page, 'failed');
    await browser.expectProblem(/has no endpoint: set it to the stack's EndpointUrl/);
  });

  test('such as moving the form during a request resets the form', async () => {
    endpoint.nextResponse = 'hang';
    const page = await visit();
    await send(page);
    await inState(page, 'sending');
    await page.locator('recover-user-form').evaluate((form) => document.querySelector('main')?.prepend(form));
    await inState(page, 'idle');
    expect(await page.getByLabel('Email address').inputValue()).toBe(ADDRESS);
    endpoint.release();
  });
});

describe('the policy of the page', () => {
  test('blocks foreign code and requests, and the tests detect it', async () => {
    const page = await visit();
    await page
      .evaluate(() => {
        const script = document.createElement('script');
        script.textContent = '1';
        document.body.append(script);
      })
      .catch(() => {});
    await page.evaluate(() => fetch('http://localhost:1/').catch(() => {}));
    await browser.expectProblem(/^policy: require-trusted-types-for/);
    await browser.expectProblem(/^policy: connect-src http:\/\/localhost:1/);
  });
});
