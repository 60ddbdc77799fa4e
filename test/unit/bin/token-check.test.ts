import { describe, expect, test } from '@jest/globals';
import {
  clientCredentialsProblemOf,
  expiryWarningOf,
  type TokenExpectation,
  tokenProblemOf,
} from '../../../bin/token-check.ts';
import { jwtWith } from './tokens.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const DAY_SECONDS = 24 * 60 * 60;
const inDays = (days: number) => NOW / 1000 + days * DAY_SECONDS;
const issuedBy = (host: string) => `https://${host}/v1/tenants/t1/realms/r1/applications/a1`;

const V0: TokenExpectation = { platform: 'v0', region: 'us', usesClientCredentials: false };
const V1: TokenExpectation = { platform: 'v1', region: 'eu', tenantId: 't1', usesClientCredentials: false };
const WITH_CLIENT: TokenExpectation = { ...V1, usesClientCredentials: true };
const V1_CLAIMS = { iss: issuedBy('auth-eu.beyondidentity.com'), bi_t: 't1', exp: inDays(100) };

describe('an API token fits the configuration', () => {
  test.each<[string, string, TokenExpectation | undefined]>([
    ['an opaque one on v0', 'opaque-token', V0],
    ['a JWT without a tenant on v0', jwtWith({ sub: 'x', exp: inDays(1) }), V0],
    ['one of v1 with the tenant and the region', jwtWith(V1_CLAIMS), V1],
    ['one of v1 whose issuer is not a URL', jwtWith({ ...V1_CLAIMS, iss: 'issuer' }), V1],
    ['one of v1 without an issuer', jwtWith({ bi_t: 't1' }), V1],
    [
      'one of v1 where neither tenant nor region are set',
      jwtWith(V1_CLAIMS),
      { platform: 'v1', usesClientCredentials: false },
    ],
    ['any one where the configuration says nothing', jwtWith(V1_CLAIMS), undefined],
    ['one with a time that is no time', jwtWith({ exp: 1e300 }), V0],
  ])('%s', (_name, token, expectation) => {
    expect(tokenProblemOf(token, expectation, NOW)).toBeUndefined();
  });
});

describe('an API token is refused with the setting and the fix', () => {
  test.each<[string, string, TokenExpectation | undefined, RegExp]>([
    [
      'one of v1 on v0',
      jwtWith(V1_CLAIMS),
      V0,
      /^beyondIdentity\.platform is "v0", .*set beyondIdentity to the v1 tenant\.$/,
    ],
    [
      'an opaque one on v1',
      'opaque-token',
      V1,
      /^beyondIdentity\.platform is "v1", .*set beyondIdentity\.platform to "v0"\.$/,
    ],
    [
      'a JWT without a tenant on v1',
      jwtWith({ sub: 'x' }),
      V1,
      /^beyondIdentity\.platform is "v1", and this is no token of the v1 platform/,
    ],
    [
      'one of another tenant',
      jwtWith({ ...V1_CLAIMS, bi_t: 'other-tenant' }),
      V1,
      /^beyondIdentity\.tenantId is "t1", and this token is for another tenant.*correct beyondIdentity\.tenantId\.$/,
    ],
    [
      'one of another region',
      jwtWith({ ...V1_CLAIMS, iss: issuedBy('auth-us.beyondidentity.com') }),
      V1,
      /^beyondIdentity\.region is "eu", and this token was issued in "us".*correct beyondIdentity\.region\.$/,
    ],
    [
      'one of an unknown issuer',
      jwtWith({ ...V1_CLAIMS, iss: issuedBy('other-issuer.example') }),
      V1,
      /^beyondIdentity\.region is "eu", and this token was issued in another one\./,
    ],
    [
      'any where client credentials are used',
      jwtWith(V1_CLAIMS),
      WITH_CLIENT,
      /^beyondIdentity\.applicationId is set.* with --client-credentials, or remove applicationId/,
    ],
    [
      'one of v1 that has expired',
      jwtWith({ ...V1_CLAIMS, exp: inDays(-1) }),
      V1,
      /^The API token expired on 2026-11-23\. Issue a new one/,
    ],
    ['one of v0 that expires now', jwtWith({ exp: inDays(0) }), V0, /^The API token expired on 2026-11-24\./],
    [
      'an expired one where the configuration says nothing',
      jwtWith({ exp: inDays(-400) }),
      undefined,
      /^The API token expired on 2025-10-20\./,
    ],
  ])('%s', (_name, token, expectation, message) => {
    const problem = tokenProblemOf(token, expectation, NOW);
    expect(problem).toMatch(message);
    for (const part of [...token.split('.'), 'other-tenant', 'other-issuer'])
      expect(problem).not.toContain(part);
  });
});

test.each([
  [jwtWith({ exp: inDays(14) }), /^The API token expires on 2026-12-08\./],
  [jwtWith({ exp: inDays(1) }), /^The API token expires on 2026-11-25\. Store a new one before that day\.$/],
])('a token that expires within 14 days comes with a warning and the date', (token, message) => {
  expect(expiryWarningOf(token, NOW)).toMatch(message);
});

test.each([jwtWith({ exp: inDays(14.1) }), jwtWith({ sub: 'x' }), 'opaque-token'])(
  'a token that expires later or does not say when comes without a warning',
  (token) => expect(expiryWarningOf(token, NOW)).toBeUndefined(),
);

test.each([
  [WITH_CLIENT, undefined],
  [undefined, undefined],
  [V0, /^beyondIdentity\.platform is "v0", which has no client credentials/],
  [V1, /^beyondIdentity\.applicationId is not set.* Set applicationId and applicationRealmId/],
])('client credentials are compared with the configuration: %j', (expectation, message) => {
  const problem = clientCredentialsProblemOf(expectation);
  if (message === undefined) expect(problem).toBeUndefined();
  else expect(problem).toMatch(message);
});
