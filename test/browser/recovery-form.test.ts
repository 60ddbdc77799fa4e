import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { RunningServer } from '../../local/http-server.ts';
import { buildRecoveryPage } from '../../web/build.ts';
import { expectAccessible, screenshot, useBrowser } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { asLocalhost, hostPage } from './page-host.ts';
import { type ScriptedAnswer, type ScriptedEndpoint, startScriptedEndpoint } from './scripted-endpoint.ts';

const ADDRESS = 'jane@example.com';
const ACCEPTED: ScriptedAnswer = { status: 202 };

const browser = useBrowser();
let endpoint: ScriptedEndpoint;
let host: RunningServer;

beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
  const page = buildRecoveryPage({ endpoint: endpoint.url, endpointOrigin: endpoint.origin });
  host = await hostPage(() => page);
});
beforeEach(() => {
  endpoint.answer = ACCEPTED;
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

/** The events that the form tells the page of, from now on. */
async function events(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(() => {
    const told: unknown[] = [];
    Reflect.set(globalThis, 'told', told);
    for (const type of ['recovery-requested', 'recovery-failed']) {
      document.addEventListener(type, (event) => {
        told.push(event instanceof CustomEvent && event.detail ? [type, event.detail] : [type]);
      });
    }
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'told'));
}

describe('the form', () => {
  test('begins idle, and does not take the focus from the page', async () => {
    const page = await visit();
    await inState(page, 'idle');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Recover your account');
    await expectAccessible(page);
    await screenshot(page, 'idle');
  });

  test.each(['', 'jane', 'jane@', 'jane@exa mple.com'])(
    'asks for another address than %j, without a request',
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

  test('takes an invalid address back as soon as a valid one is sent', async () => {
    const page = await visit();
    await send(page, 'jane');
    await inState(page, 'invalid-address');
    await expectAccessible(page);
    await screenshot(page, 'invalid-address');
    await send(page);
    await inState(page, 'sent');
    expect(endpoint.bodies).toEqual([{ email: ADDRESS }]);
  });

  test('asks for another address if the endpoint does', async () => {
    endpoint.answer = { status: 422, body: { errors: [{ pointer: '#/email', detail: 'x' }] } };
    const page = await visit();
    const told = await events(page);
    await send(page);
    await inState(page, 'invalid-address');
    expect(await told()).toEqual([['recovery-failed', { reason: 'invalid-address' }]]);
  });

  test('cannot be sent twice, and shows that it is at work', async () => {
    endpoint.answer = 'hang';
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

  test('has a bar that stands still for people who prefer less motion', async () => {
    endpoint.answer = 'hang';
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
  answer: ScriptedAnswer;
  title: string;
  message: RegExp;
  failure?: object;
}[] = [
  {
    state: 'sent',
    answer: ACCEPTED,
    title: 'Check your inbox',
    message: /^If an account exists for jane@example\.com, /,
  },
  {
    state: 'too-many-requests',
    answer: { status: 429, headers: { 'Retry-After': '300' } },
    title: 'Too many requests',
    message: /^There were too many requests from your network\.$/,
    failure: { reason: 'too-many-requests', retryAfterSeconds: 300 },
  },
  {
    state: 'unavailable',
    answer: { status: 503, headers: { 'Retry-After': '60' } },
    title: 'Not available right now',
    message: /^Recovery is not available at the moment\.$/,
    failure: { reason: 'unavailable', retryAfterSeconds: 60 },
  },
  {
    state: 'offline',
    answer: 'reset',
    title: 'No connection',
    message: /check your connection and try again\.$/,
    failure: { reason: 'offline' },
  },
  {
    state: 'failed',
    answer: { status: 500, headers: { 'X-Request-Id': 'c6af9ac6' } },
    title: 'Something went wrong',
    message: /give support this reference: c6af9ac6$/,
    failure: { reason: 'failed', requestId: 'c6af9ac6' },
  },
];

describe.each(STATES)('when it is $state', ({ state, answer, title, message, failure }) => {
  test('it says so, to everybody', async () => {
    endpoint.answer = answer;
    const page = await visit();
    const told = await events(page);
    await send(page);
    await inState(page, state);
    const [focused, announced] = await focusAndAnnouncement(page);
    expect(focused).toBe(title);
    expect(announced?.replace(`${title}. `, '')).toMatch(message);
    expect(await told()).toEqual([failure ? ['recovery-failed', failure] : ['recovery-requested']]);
    await expectAccessible(page);
    await screenshot(page, state);
  });

  test('it keeps the address, and can be sent again', async () => {
    endpoint.answer = answer;
    const page = await visit();
    await page.clock.install();
    await send(page);
    await inState(page, state);
    endpoint.answer = ACCEPTED;
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
  test.each(['too-many-requests', 'unavailable'])(
    'for reasons of %s is one for every address',
    async (state) => {
      endpoint.answer = { status: state === 'unavailable' ? 503 : 429, headers: { 'Retry-After': '60' } };
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
    },
  );

  test('of a mailbox is one for that mailbox: another one is sent to, the same one is not', async () => {
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

  test('is counted down, and its end is announced', async () => {
    endpoint.answer = { status: 429, headers: { 'Retry-After': '125' } };
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

  test('lasts as long as the deployment lets a mailbox wait, and survives a change of language', async () => {
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
    // the focus stays with the heading, and nothing is said in a language that is gone
    expect(await focusAndAnnouncement(page)).toEqual(['Sehen Sie in Ihr Postfach', '']);
    expect(await page.getByRole('heading').textContent()).toBe('Sehen Sie in Ihr Postfach');
  });

  test('that the deployment does not know is none', async () => {
    const page = await visit();
    await page.locator('recover-user-form').evaluate((form) => form.setAttribute('resend-after', '0'));
    await send(page);
    await inState(page, 'sent');
    expect(await page.getByRole('button', { name: 'Send again' }).getAttribute('aria-disabled')).toBe(
      'false',
    );
  });
});

test('an address that the page learns while another one is sent is kept for later', async () => {
  endpoint.answer = 'hang';
  const page = await visit();
  const give = (address: string) =>
    page.locator('recover-user-form').evaluate((form, email) => form.setAttribute('email', email), address);
  await give(ADDRESS);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await inState(page, 'sending');
  await give('john@example.com');
  endpoint.release();
  await inState(page, 'sent');
  expect(await page.locator('recover-user-form .content').textContent()).toContain(
    'exists for jane@example.com',
  );
});

test('the page is told when the form is in its new state already', async () => {
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

describe('a mistake of the page', () => {
  test('without an endpoint is told to the page, and not blamed on the person', async () => {
    const page = await visit();
    await page.locator('recover-user-form').evaluate((form) => form.removeAttribute('endpoint'));
    await send(page);
    await inState(page, 'failed');
    await browser.expectProblem(/has no endpoint: set it to the stack's EndpointUrl/);
  });

  test('that moves the form in the middle of a request lets the person begin again', async () => {
    endpoint.answer = 'hang';
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
  test('does stop what is not of the page, and the tests notice', async () => {
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
