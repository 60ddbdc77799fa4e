import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SIGN_IN_CHALLENGE_PATH, SIGN_IN_PATH } from '../../../../../local/paths.ts';
import type { V1Tenant } from '../../../../../local/tenant/v1/options.ts';
import { startV1Tenant } from '../../../../../local/tenant/v1/tenant.ts';
import { type BoundTestPasskey, bindPasskey, challengeOf, signInWith } from '../../v1-device.ts';
import { openLink } from './software-passkey.ts';
import { createJob } from './v1-tenant-harness.ts';

const APP = 'http://localhost:3000';

let tenant: V1Tenant;
let passkey: BoundTestPasskey;
let elapsedMs: number;

beforeEach(async () => {
  elapsedMs = 0;
  tenant = await startV1Tenant({ invokeUrl: APP, now: () => Date.now() + elapsedMs });
  await createJob(tenant, 'jane@example.com');
  passkey = await bindPasskey(tenant, openLink(tenant.mails[0]?.recoveryLink ?? ''));
});
afterEach(() => tenant.close());

describe('the simulated sign-in', () => {
  test('names the identity whose bound credential signed the challenge', async () => {
    const response = await signInWith(tenant, passkey);
    expect([response.status, await response.json()]).toEqual([200, { display_name: 'Jane Doe' }]);
  });

  test('rejects the signature of another key', async () => {
    await createJob(tenant, 'john@example.com');
    const other = await bindPasskey(tenant, openLink(tenant.mails[1]?.recoveryLink ?? ''));
    const response = await signInWith(tenant, { ...passkey, sign: other.sign });
    expect(response.status).toBe(401);
  });

  test('rejects a challenge that was used, has expired or was never issued', async () => {
    const challenge = await challengeOf(tenant);
    const changed = { challenge, signature: passkey.sign(challenge) };
    expect((await signInWith(tenant, passkey, changed)).status).toBe(200);
    expect((await signInWith(tenant, passkey, changed)).status).toBe(401);
    const late = await challengeOf(tenant);
    elapsedMs = 5 * 60_000;
    const tooLate = { challenge: late, signature: passkey.sign(late) };
    expect((await signInWith(tenant, passkey, tooLate)).status).toBe(401);
    const own = { challenge: 'x', signature: passkey.sign('x') };
    expect((await signInWith(tenant, passkey, own)).status).toBe(401);
  });

  test('rejects an unknown credential, and a malformed request', async () => {
    expect((await signInWith(tenant, passkey, { credential_id: 'x' })).status).toBe(404);
    expect((await signInWith(tenant, passkey, { more: true })).status).toBe(400);
    const withBody = { method: 'POST', body: '{}' };
    expect((await fetch(tenant.url + SIGN_IN_CHALLENGE_PATH, withBody)).status).toBe(400);
  });

  test('lets pages of the app read its responses, and no others', async () => {
    const preflight = (origin: string) =>
      fetch(tenant.url + SIGN_IN_PATH, { method: 'OPTIONS', headers: { origin } });
    const ofApp = await preflight(APP);
    expect([ofApp.status, ofApp.headers.get('access-control-allow-origin')]).toEqual([204, APP]);
    const foreign = await preflight('https://evil.example');
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});
