import { describe, expect, test } from '@jest/globals';
import { expectAccessible, screenshot } from './browser.ts';
import { focusAndAnnouncement, inState } from './element-state.ts';
import { ACCEPTED, ADDRESS, recordEvents, send, useFormPage } from './form-page.ts';
import type { ScriptedResponse } from './scripted-endpoint.ts';

const form = useFormPage();

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
    message: /^Account recovery is not available at the moment\.$/,
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

describe.each(STATES)('the form in the state $state', ({ state, response, title, message, failure }) => {
  test('shows and announces its message, and dispatches an event', async () => {
    form.endpoint.nextResponse = response;
    const page = await form.visit();
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

  test('keeps the address and can be submitted again', async () => {
    form.endpoint.nextResponse = response;
    const page = await form.visit();
    await page.clock.install();
    await send(page);
    await inState(page, state);
    form.endpoint.nextResponse = ACCEPTED;
    await page.clock.runFor('05:01');
    await page.getByRole('button', { name: /^(Send again|Try again)$/ }).click();
    await inState(page, 'sent');
    expect(form.endpoint.bodies).toEqual([{ email: ADDRESS }, { email: ADDRESS }]);

    await page.getByRole('button', { name: 'Use another address' }).click();
    await inState(page, 'idle');
    expect((await focusAndAnnouncement(page))[0]).toBe('address');
    expect(await page.getByLabel('Email address').inputValue()).toBe(ADDRESS);
  });
});
