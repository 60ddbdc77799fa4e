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
  ['nobody', 'identities: no identity has this user name, no email sent'],
  ['sam', 'identities: suspended identity, no email sent'],
  ['noah', 'jobs: returned 422, Identity missing email address'],
])('the steps of the v1 platform say why %s gets no email', async (user, reason) => {
  await recover(`${user}@example.com`);
  expect(details(3)).toEqual([reason]);
  expect(states().slice(2, 4)).toEqual(['problem', 'waiting']);
});

test('the steps of the v1 platform name the operation that a fault hits, until the outbox delivers the request', async () => {
  await restart({ RESPONSE_TIME_MS: '1000' });
  simulation.tenant.fault({ kind: '429', operation: 'identities' });
  await recover('jane@example.com');
  const shown = ['identities: returned 429', 'The request waits in the outbox'];
  expect(details(3)).toEqual(expect.arrayContaining(shown));
  simulation.tenant.heal();
  await outboxIsEmpty();
  expect(details(3)).toContain('The outbox retries the request');
  expect(details(3).at(-1)).toBe('jobs: created the credential binding job');
});

test('the steps of the v1 platform show that no access token is issued', async () => {
  await restart({ RESPONSE_TIME_MS: '1000' });
  simulation.tenant.revokeTokens();
  simulation.tenant.fault({ kind: '500', operation: 'token' });
  await recover('jane@example.com');
  expect(details(3)).toContain('token: returned 500');
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
  expect(details(6)).toEqual(['The tenant returned 500']);
  expect(states()[5]).toBe('problem');
  await callLink(simulation.tenant, link, 'getInfo');
  expect(states()[5]).toBe('done');
});
