import { describe, expect, test } from '@jest/globals';
import {
  callTenant,
  challengeFor,
  details,
  feed,
  latestToken,
  recover,
  register,
  restart,
  signIn,
  simulation,
  states,
  url,
  useSimulation,
} from './simulation-harness.ts';
import { createDevice } from './webauthn-device.ts';

useSimulation();

describe('the steps', () => {
  test('go from waiting to done in order, from the address to the sign-in', async () => {
    await fetch(url('/'));
    expect(states()).toEqual(Array(8).fill('waiting'));

    await recover('jane@example.com');
    expect(states()).toEqual([...Array(4).fill('done'), ...Array(4).fill('waiting')]);
    expect(details(2)).toEqual([expect.stringMatching(/^Accepted: 202 after \d+ ms$/)]);

    const link = simulation.tenant.mails[0]?.recoveryLink ?? '';
    expect(link).toMatch(`${simulation.appUrl}/register?token=`);
    await fetch(link.replace('localhost', '127.0.0.1'));
    expect(states()[4]).toBe('done');

    const token = latestToken();
    const device = createDevice(simulation.appUrl);
    const challenge = await challengeFor('registration/options', { token });
    const created = await device.register(challenge);
    expect(states().slice(5)).toEqual(['done', 'waiting', 'waiting']);
    await callTenant('registration/verify', { token, response: created });
    expect(states().slice(5)).toEqual(['done', 'done', 'waiting']);

    await fetch(url('/sign-in'));
    const signInChallenge = await challengeFor('authentication/options', {});
    const signed = await device.authenticate(signInChallenge);
    expect(states()[7]).toBe('under-way');
    expect((await callTenant('authentication/verify', { response: signed })).status).toBe(200);
    expect(states()).toEqual(Array(8).fill('done'));
    expect(JSON.stringify(simulation.steps())).not.toMatch(/example\.com|Jane/);

    await recover('nobody@example.com');
    expect(states()).toEqual(['done', 'done', 'done', 'ended', ...Array(4).fill('waiting')]);
  });

  test.each([
    ['nobody', 'Returned 404: unknown user', 'No email: unknown user'],
    ['sam', 'Returned 409: suspended user', 'No email: suspended user'],
  ])('end without a problem for %s, who gets no email', async (user, response, reason) => {
    await recover(`${user}@example.com`);
    expect([details(3), details(4)]).toEqual([[response], [reason]]);
    expect(states().slice(2, 4)).toEqual(['done', 'ended']);
  });

  test('show a second email of the same request', async () => {
    simulation.tenant.fault({ kind: 'lost-response', times: 1 });
    await recover('jane@example.com');
    expect(details(3)).toEqual(['Lost response', 'Returned 200']);
    expect(details(4)).toEqual(['Sent to the registered address', 'Email 2 of the same request']);
    const mailbox = await fetch(url('/mailbox'), { headers: { accept: 'text/html' } });
    expect(await mailbox.text()).toContain('Email 2 of the same request');
    await recover('jane@example.com');
    expect(details(4)).toEqual(['Sent to the registered address']);
  });

  test.each([
    ['recovery', '/'],
    ['sign-in', '/sign-in'],
  ])('start over at a visit of the %s page once the user has signed in', async (_, path) => {
    await recover('jane@example.com');
    await fetch(url(path));
    expect(states()[3]).toBe('done');
    const device = await register(latestToken());
    await signIn(device);
    await fetch(url('/mailbox'));
    await fetch(url(path), { method: 'HEAD' });
    expect(states()[7]).toBe('done');
    await fetch(url(path));
    expect(states()).toEqual(Array(8).fill('waiting'));
  });

  test('show a link that is used twice, and a malformed one', async () => {
    await recover('jane@example.com');
    const token = latestToken();
    await register(token);
    expect((await callTenant('registration/options', { token })).status).toBe(410);
    expect(details(6)).toEqual([
      'The link is valid and not used up yet',
      'The recovery link has already been used',
    ]);
    await callTenant('registration/options', { token: 'x' });
    expect(details(6).at(-1)).toBe('This is not a recovery link of this tenant');
  });

  test('show a fault that hits a browser; a slow tenant is not a problem', async () => {
    simulation.tenant.fault({ kind: '500', times: 1 });
    await callTenant('authentication/options', {});
    expect(details(8)).toEqual(['Error 500']);
    expect(states()[7]).toBe('problem');

    const events = feed();
    simulation.tenant.fault({ kind: 'slow', delayMs: 100 });
    const asked = callTenant('registration/options', { token: 'x' });
    for await (const { steps } of events) {
      if (steps[5]?.state === 'waiting') continue;
      const occurrence = expect.objectContaining({ detail: 'Slow response' });
      expect(steps[5]).toMatchObject({ state: 'under-way', occurrences: [occurrence] });
      break;
    }
    await asked;
    expect(states()[5]).toBe('problem');
  });

  test('ignore the sign-in page before the registration, and another challenge after the sign-in', async () => {
    await fetch(url('/sign-in'));
    expect(states()[7]).toBe('waiting');
    await recover('jane@example.com');
    const device = await register(latestToken());
    await fetch(url('/sign-in'));
    expect(details(8)).toEqual(['The user opened the sign-in route']);
    await signIn(device);
    await callTenant('authentication/options', {});
    expect(details(8)).toEqual(['Signed in with the credential']);
    expect(states()[7]).toBe('done');
  });

  test('show the latest request only', async () => {
    simulation.tenant.fault({ kind: 'slow', delayMs: 500, times: 1 });
    const events = feed();
    const earlier = recover('jane@example.com');
    for await (const { steps } of events) if (steps[2]?.state === 'under-way') break;
    await recover('nobody@example.com');
    expect((await earlier).status).toBe(202);
    expect(simulation.tenant.mails).toHaveLength(1);
    expect(details(2)).toEqual([expect.stringMatching(/^Accepted/)]);
    expect(details(3)).toEqual(['Returned 404: unknown user']);
    expect(states()[3]).toBe('ended');
  });

  test('show expired links only when one was still valid', async () => {
    simulation.tenant.expireLinks();
    expect(details(4)).toEqual([]);
    await recover('jane@example.com');
    await register(latestToken());
    simulation.tenant.expireLinks();
    expect(details(4)).toEqual(['Sent to the registered address']);
    await recover('jane@example.com');
    await recover('nobody@example.com');
    simulation.tenant.expireLinks();
    expect(details(4)).toEqual(['No email: unknown user']);
  });

  test('arrive as server-sent events, with the active fault', async () => {
    await fetch(url('/register?token=x'));
    const events = feed();
    expect((await events.next()).value).toMatchObject({
      fault: null,
      mails: 0,
      steps: { 4: { state: 'done' } },
    });
    simulation.tenant.fault({ kind: 'hang' });
    expect((await events.next()).value).toMatchObject({ fault: { kind: 'hang' } });
    simulation.tenant.heal();
    await events.next();
    await recover('jane@example.com');
    for await (const { mails, steps } of events) {
      if (mails === 1 && steps[1]?.state === 'done') break;
    }
  });

  test('show an outage: the request waits in the outbox until the tenant is healed', async () => {
    // without a response time, the function would retry longer than a test should take
    await restart({ RESPONSE_TIME_MS: '1000' });
    simulation.tenant.fault({ kind: '500' });
    expect((await recover('jane@example.com')).status).toBe(202);
    expect(details(3)).toEqual(expect.arrayContaining(['Error 500', 'The request waits in the outbox']));
    expect(states()[3]).toBe('waiting');

    const events = feed();
    simulation.tenant.heal();
    for await (const { steps } of events) if (steps[3]?.state === 'done') break;
    expect(details(3)).toContain('The outbox retries the request');
    expect(simulation.tenant.mails).toHaveLength(1);
  });

  test('show no problem with queued delivery', async () => {
    await restart({ DELIVERY: 'queued' });
    const events = feed();
    expect((await recover('jane@example.com')).status).toBe(202);
    for await (const { steps } of events) {
      expect(steps).not.toContainEqual(expect.objectContaining({ state: 'problem' }));
      if (steps[3]?.state === 'done') break;
    }
    expect(details(3)).toEqual(['Returned 200']);
  });

  test('show that the tenant is not called when the mailbox is rate limited', async () => {
    await restart({ MAILBOX_COOLDOWN_SECONDS: '60' });
    await recover('jane@example.com');
    await recover('jane@example.com');
    expect(details(3)).toEqual(['Not called: this mailbox is rate limited']);
    expect(states().slice(2, 4)).toEqual(['ended', 'ended']);
  });
});
