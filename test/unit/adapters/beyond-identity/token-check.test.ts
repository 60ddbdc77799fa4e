import { describe, expect, test } from '@jest/globals';
import {
  daysLeft,
  fixOfToken,
  tokenProblem,
} from '../../../../functions/adapters/beyond-identity/token-check.ts';
import type { BeyondIdentityConfig, V1Config } from '../../../../functions/runtime/beyond-identity-config.ts';

const V0: BeyondIdentityConfig = { platform: 'v0', apiUrl: new URL('https://api.byndid.com') };
const V1: V1Config = {
  platform: 'v1',
  apiUrl: new URL('https://api-us.beyondidentity.com'),
  tenantId: 't1',
  realmId: 'r1',
  authenticatorConfigId: 'c1',
  postBindingRedirectUri: undefined,
  references: 'user-name',
  application: undefined,
};
const WITH_CLIENT: V1Config = {
  ...V1,
  application: {
    authUrl: new URL('https://auth-us.beyondidentity.com'),
    applicationId: 'a1',
    applicationRealmId: 'admin',
    jobScope: 'create',
  },
};
const ISSUER = 'https://auth-us.beyondidentity.com/v1/tenants/t1';
const CLAIMS = { bi_t: 't1', iss: ISSUER, scope: 'identities:read credential-binding-jobs:create' };
const DAY_SECONDS = 86_400;

const jwtWith = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
/** The time of a token that expires after so many seconds, and a moment. */
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds + 5;

describe('a token shows no problem', () => {
  test.each<[string, BeyondIdentityConfig, string]>([
    ['an opaque one on v0', V0, 'opaque'],
    ['a JWT on v0', V0, jwtWith({ exp: inSeconds(DAY_SECONDS) })],
    ['an opaque one on v1', V1, 'opaque'],
    ['one with all scopes', V1, jwtWith(CLAIMS)],
    ['one that expires today', V1, jwtWith({ ...CLAIMS, exp: inSeconds(0) })],
    [
      'one with the narrow scope',
      V1,
      jwtWith({ ...CLAIMS, scope: 'credential-binding-jobs:create-email identities:read' }),
    ],
    ['one that does not name its scopes', V1, jwtWith({ ...CLAIMS, scope: undefined })],
    ['one with an empty list of scopes', V1, jwtWith({ ...CLAIMS, scope: '' })],
    ['one that does not name its issuer', V1, jwtWith({ ...CLAIMS, iss: undefined })],
    ['one whose issuer is not a URL', V1, jwtWith({ ...CLAIMS, iss: 'issuer' })],
    ['one that was issued for client credentials', WITH_CLIENT, jwtWith({ ...CLAIMS, exp: 1 })],
  ])('%s', (_what, config, token) => {
    expect(tokenProblem(config, token)).toBeUndefined();
  });
});

describe('a problem of a token comes with its fix', () => {
  test.each<[string, string, BeyondIdentityConfig, object]>([
    ['the API token has expired', 'Run npm run store-token.', V0, { exp: 1 }],
    [
      'the API token is one of the v1 platform',
      'Set beyondIdentity.platform to "v1", or store a v0 token.',
      V0,
      { bi_t: 't1' },
    ],
    [
      'the API token is not one of the v1 platform',
      'Set beyondIdentity.platform to "v0", or store a v1 token.',
      V1,
      {},
    ],
    [
      'the token is for another tenant',
      'Set beyondIdentity.tenantId to the tenant of the token.',
      V1,
      { ...CLAIMS, bi_t: 't2' },
    ],
    [
      'the token was issued by auth-eu.beyondidentity.com, in another region',
      'Set beyondIdentity.region to that of the token.',
      V1,
      { ...CLAIMS, iss: 'https://auth-eu.beyondidentity.com/v1' },
    ],
    [
      'the token was issued by us-auth.beyondidentity.com, in another region',
      'Set beyondIdentity.region to that of the token.',
      V1,
      { ...CLAIMS, iss: 'https://us-auth.beyondidentity.com' },
    ],
    [
      'the token lacks the scope credential-binding-jobs:create',
      'Grant credential-binding-jobs:create in the Beyond Identity console.',
      V1,
      { ...CLAIMS, scope: 'identities:read' },
    ],
    [
      'the token lacks the scope identities:read',
      'Grant identities:read in the Beyond Identity console.',
      V1,
      { ...CLAIMS, scope: 'credential-binding-jobs:create' },
    ],
  ])('%s', (detail, fix, config, claims) => {
    expect(tokenProblem(config, jwtWith(claims))).toEqual({ status: 'problem', detail, fix });
  });
});

test('the days left of a token are whole ones, and none where it is issued anew or does not say', () => {
  expect(daysLeft(V1, jwtWith({ exp: inSeconds(2 * DAY_SECONDS) }))).toBe(2);
  expect(daysLeft(V1, jwtWith({ exp: inSeconds(2 * DAY_SECONDS) - 10 }))).toBe(1);
  expect(daysLeft(V0, jwtWith({ exp: inSeconds(0) }))).toBe(0);
  expect(daysLeft(V0, 'opaque')).toBeUndefined();
  expect(daysLeft(WITH_CLIENT, jwtWith({ exp: inSeconds(DAY_SECONDS) }))).toBeUndefined();
});

test('the fix of a token is to store what the configuration takes', () => {
  expect(fixOfToken(V0)).toBe('Run npm run store-token.');
  expect(fixOfToken(V1)).toBe('Run npm run store-token.');
  expect(fixOfToken(WITH_CLIENT)).toBe(
    'Check beyondIdentity.applicationId and applicationRealmId, and run npm run store-token -- --client-credentials.',
  );
});
