import { claimsOf, type TokenClaims } from '../functions/adapters/beyond-identity/token-claims.ts';
import { V1_URLS } from '../lib/config/beyond-identity-urls.ts';

/** What the configuration of a stage says of its credential; names are those of its settings below `beyondIdentity`. */
export interface TokenExpectation {
  platform: 'v0' | 'v1';
  /** Only tokens of the v1 platform say which region they are from. */
  region?: string | undefined;
  tenantId?: string | undefined;
  /** Whether the functions have their access tokens issued for a client id and secret. */
  usesClientCredentials: boolean;
}

/** The authorization servers of the v1 platform, which issue tokens, by region. */
const AUTHORIZATION_HOSTS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(V1_URLS).map(([region, { authUrl }]) => [region, new URL(authUrl).host]),
);

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long before a token expires its storing comes with a warning. */
const WARNING_MS = 14 * DAY_MS;

/**
 * Why an API token cannot work, with the setting that it contradicts and the fix; `undefined` where nothing speaks against
 * it. Holds no part of the token. An absent expectation leaves only the time: `now` is in milliseconds since 1970.
 */
export function tokenProblemOf(
  token: string,
  expectation: TokenExpectation | undefined,
  now = Date.now(),
): string | undefined {
  const claims = claimsOf(token);
  const mismatch = expectation && mismatchOf(claims, expectation);
  if (mismatch !== undefined) return mismatch;
  const expiresAt = expiryOf(claims);
  if (expiresAt === undefined || expiresAt > now) return undefined;
  return `The API token expired on ${dateOf(expiresAt)}. Issue a new one in the Beyond Identity console.`;
}

/** A warning with the date where an API token expires within 14 days; `undefined` where it does not, or does not say. */
export function expiryWarningOf(token: string, now = Date.now()): string | undefined {
  const expiresAt = expiryOf(claimsOf(token));
  if (expiresAt === undefined || expiresAt > now + WARNING_MS) return undefined;
  return `The API token expires on ${dateOf(expiresAt)}. Store a new one before that day.`;
}

/** Why client credentials cannot work, with the setting that they contradict and the fix. */
export function clientCredentialsProblemOf(expectation: TokenExpectation | undefined): string | undefined {
  if (expectation === undefined || expectation.usesClientCredentials) return undefined;
  return expectation.platform === 'v0'
    ? 'beyondIdentity.platform is "v0", which has no client credentials. Store an API token, without --client-credentials, or set beyondIdentity to the v1 tenant.'
    : 'beyondIdentity.applicationId is not set, without which the functions use an API token. Set applicationId and applicationRealmId, or store an API token, without --client-credentials.';
}

function mismatchOf(
  claims: TokenClaims | undefined,
  { platform, region, tenantId, usesClientCredentials }: TokenExpectation,
): string | undefined {
  if (platform === 'v0') {
    return claims?.bi_t === undefined
      ? undefined
      : 'beyondIdentity.platform is "v0", and this is a token of the v1 platform. Store a token of the v0 tenant, or set beyondIdentity to the v1 tenant.';
  }
  if (usesClientCredentials) {
    return 'beyondIdentity.applicationId is set, with which the functions use client credentials. Store those, with --client-credentials, or remove applicationId and applicationRealmId.';
  }
  if (claims?.bi_t === undefined) {
    return 'beyondIdentity.platform is "v1", and this is no token of the v1 platform. Store a token of the v1 tenant, or set beyondIdentity.platform to "v0".';
  }
  if (tenantId !== undefined && claims.bi_t !== tenantId) {
    return `beyondIdentity.tenantId is "${tenantId}", and this token is for another tenant. Store a token of that tenant, or correct beyondIdentity.tenantId.`;
  }
  return regionMismatch(claims.iss, region);
}

function regionMismatch(issuer: string | undefined, region: string | undefined): string | undefined {
  const expected = region === undefined ? undefined : AUTHORIZATION_HOSTS[region];
  const host = issuer === undefined ? undefined : URL.parse(issuer)?.host;
  if (expected === undefined || host === undefined || host === expected) return undefined;
  const [actual] = Object.entries(AUTHORIZATION_HOSTS).find(([, known]) => known === host) ?? [];
  const issuedIn = actual === undefined ? 'in another one' : `in "${actual}"`;
  return `beyondIdentity.region is "${region}", and this token was issued ${issuedIn}. Store a token of a tenant in that region, or correct beyondIdentity.region.`;
}

/** In milliseconds since 1970. */
function expiryOf(claims: TokenClaims | undefined): number | undefined {
  const expiresAt = claims?.exp === undefined ? undefined : claims.exp * 1000;
  return expiresAt === undefined || Number.isNaN(new Date(expiresAt).getTime()) ? undefined : expiresAt;
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
