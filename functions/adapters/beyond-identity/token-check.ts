import { type CheckResult, problem } from '../../core/self-test.ts';
import type { BeyondIdentityConfig } from '../../runtime/beyond-identity-config.ts';
import { claimsOf, scopesIn, type TokenClaims } from './token-claims.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** Whether access tokens are issued for client credentials; otherwise the secret holds the token. */
export function isIssued(config: BeyondIdentityConfig): boolean {
  return config.platform === 'v1' && config.application !== undefined;
}

/** How to store a credential that works. */
export function fixOfToken(config: BeyondIdentityConfig): string {
  return isIssued(config)
    ? 'Check beyondIdentity.applicationId and applicationRealmId, and run npm run store-token -- --client-credentials.'
    : 'Run npm run store-token.';
}

/** Days until a token expires; `undefined` where it does not say, or is renewed by itself. */
export function daysLeft(config: BeyondIdentityConfig, token: string): number | undefined {
  const expiresAt = claimsOf(token)?.exp;
  if (isIssued(config) || expiresAt === undefined) return undefined;
  const now = Math.floor(Date.now() / 1000);
  return Math.floor((expiresAt - now) / DAY_SECONDS);
}

/** What a token says of itself that cannot be right. Its claims are hints: only Beyond Identity decides. */
export function tokenProblem(config: BeyondIdentityConfig, token: string): CheckResult | undefined {
  const days = daysLeft(config, token);
  if (days !== undefined && days < 0) return problem('the API token has expired', 'Run npm run store-token.');
  return claimsProblem(config, claimsOf(token));
}

function claimsProblem(
  config: BeyondIdentityConfig,
  claims: TokenClaims | undefined,
): CheckResult | undefined {
  if (config.platform === 'v0') {
    return claims?.bi_t === undefined
      ? undefined
      : problem(
          'the API token is one of the v1 platform',
          'Set beyondIdentity.platform to "v1", or store a v0 token.',
        );
  }
  if (claims === undefined) return undefined;
  if (claims.bi_t === undefined) {
    return problem(
      'the API token is not one of the v1 platform',
      'Set beyondIdentity.platform to "v0", or store a v1 token.',
    );
  }
  if (claims.bi_t !== config.tenantId) {
    return problem(
      'the token is for another tenant',
      'Set beyondIdentity.tenantId to the tenant of the token.',
    );
  }
  return regionProblem(claims.iss, config.apiUrl.host) ?? missingScope(scopesIn(claims.scope));
}

/** The host of an authorization server is that of its region's API, with another first word. */
function regionProblem(issuer: string | undefined, apiHost: string): CheckResult | undefined {
  if (issuer === undefined || !URL.canParse(issuer)) return undefined;
  const { host } = new URL(issuer);
  if (host.replace(/^auth/, 'api') === apiHost) return undefined;
  return problem(
    `the token was issued by ${host}, in another region`,
    'Set beyondIdentity.region to that of the token.',
  );
}

function missingScope(scopes: ReadonlySet<string>): CheckResult | undefined {
  const mayCreate = ['credential-binding-jobs:create', 'credential-binding-jobs:create-email'].some((scope) =>
    scopes.has(scope),
  );
  // a token may not name its scopes
  if (scopes.size === 0 || (mayCreate && scopes.has('identities:read'))) return undefined;
  const missing = mayCreate ? 'identities:read' : 'credential-binding-jobs:create';
  return problem(`the token lacks the scope ${missing}`, `Grant ${missing} in the Beyond Identity console.`);
}
