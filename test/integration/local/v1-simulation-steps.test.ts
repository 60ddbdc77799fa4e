import { expect, test } from '@jest/globals';
import { openLink } from './tenant/v1/software-passkey.ts';
import { bindPasskey, callLink, signInWith } from './v1-device.ts';
import {
  details,
  outboxIsEmpty,
  recover,
  restart,
  send,
  simulation,
  states,
  useV1Simulation,
} from './v1-simulation-harness.ts';

useV1Simulation();

/** The latest link. */
function latestLink(): string {
  return simulation.tenant.mails.at(-1)?.recoveryLink ?? '';
}

test('the steps of the v1 platform go from waiting to done, from the address to the sign-in', async () => {
  await send(0, '/');
  expect(states()).toEqual(Array(8).fill('waiting'));
  expect(simulation.steps()[4]?.title).toBe('The link opens the /bind page of the app');

  await recover('jane@example.com');
  expect(states()).toEqual([...Array(4).fill('done'), ...Array(4).fill('waiting')]);
  expect(details(3)).toEqual(['jobs: created the credential binding job']);

  const link = openLink(latestLink());
  await fetch(latestLink().replace('localhost', '127.0.0.1'));
  expect(states()[4]).toBe('done');
  expect((await callLink(simulation.tenant, link, 'getInfo')).status).toBe(200);
  expect(states().slice(5)).toEqual(['done', 'waiting', 'waiting']);
  const passkey = await bindPasskey(simulation.tenant, link);
  expect(states().slice(5)).toEqual(['done', 'done', 'waiting']);

  await send(0, '/sign-in');
  expect((await signInWith(simulation.tenant, passkey, `${simulation.appUrl}/sign-in`)).status).toBe(200);
  expect(states()).toEqual(Array(8).fill('done'));
  expect(JSON.stringify(simulation.steps())).not.toMatch(/example\.com|Jane/);
});

test.each([
  ['nobody', 'identities: no identity has this user name', 'No email: no identity has this user name'],
  ['sam', 'identities: suspended identity', 'No email: suspended identity'],
  ['noah', 'jobs: returned 422, Identity missing email address', 'No email: Identity missing email address'],
])(
  'the steps of the v1 platform say why %s gets no email, which is no problem',
  async (user, response, reason) => {
    await recover(`${user}@example.com`);
    expect([details(3), details(4)]).toEqual([[response], [reason]]);
    expect(states().slice(2, 4)).toEqual(['done', 'ended']);
  },
);

test('the steps of the v1 platform name the operation that a fault hits, until the outbox delivers the request', async () => {
  await restart({ RESPONSE_TIME_MS: '1000' });
  simulation.tenant.fault({ kind: '429', operation: 'identities' });
  await recover('jane@example.com');
  const shown = ['identities: Error 429', 'The request waits in the outbox'];
  expect(details(3)).toEqual(expect.arrayContaining(shown));
  simulation.tenant.heal();
  await outboxIsEmpty();
  expect(details(3)).toContain('The outbox retries the request');
  expect(details(3).at(-1)).toBe('jobs: created the credential binding job');
});

test('the steps of the v1 platform show a lost response, and whether a second email follows', async () => {
  simulation.tenant.fault({ kind: 'lost-response', operation: 'jobs', times: 1 });
  await recover('jane@example.com');
  await outboxIsEmpty();
  expect(details(3)).toContain('jobs: Lost response');
  // the function finds the job of the first try
  expect(details(4)).toEqual(['Sent to the registered address']);
});

test('the steps of the v1 platform show that no access token is issued', async () => {
  await restart({ RESPONSE_TIME_MS: '1000' });
  simulation.tenant.revokeTokens();
  simulation.tenant.fault({ kind: '500', operation: 'token' });
  await recover('jane@example.com');
  expect(details(3)).toContain('token: Error 500');
});

test('the steps of the v1 platform show a link that is used twice, and one that has expired', async () => {
  await recover('jane@example.com');
  const used = openLink(latestLink());
  await bindPasskey(simulation.tenant, used);
  expect((await callLink(simulation.tenant, used, 'getInfo')).status).toBe(410);
  expect(details(6)).toEqual(['get-info: returned 410, credential binding job is gone']);

  await recover('jane@example.com');
  simulation.tenant.expireLinks();
  expect(details(4).at(-1)).toBe('The links sent so far have expired');
});

test('the steps of the v1 platform show a fault that hits a browser', async () => {
  await recover('jane@example.com');
  const link = openLink(latestLink());
  simulation.tenant.fault({ kind: '500', operation: 'get-info', times: 1 });
  await callLink(simulation.tenant, link, 'getInfo');
  expect(details(6)).toEqual(['Error 500']);
  expect(states()[5]).toBe('problem');
  await callLink(simulation.tenant, link, 'getInfo');
  expect(states()[5]).toBe('done');
});
