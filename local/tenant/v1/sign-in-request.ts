import { randomUUID } from 'node:crypto';
import { describeAuthenticatorConfig } from './authenticator-config.ts';
import { SIMULATED_SIGN_IN_APPLICATION_ID, type TenantIds } from './simulated-ids.ts';

/** What a request for a sign-in is made of. URLs are without a trailing slash. */
export interface SignInRequestParts {
  readonly ids: TenantIds;
  /** The authorization server, as the vendor's SDK reaches it. */
  readonly authUrl: string;
  readonly invokeUrl: string;
  readonly redirectUri: string;
  /** The `state` of the app (RFC 6749, section 4.1.1). */
  readonly state: string;
  readonly transactionId: string;
  readonly nonce: string;
  readonly userAgent: string;
  /** In milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly lifetimeMs: number;
}

/** The URL of the sign-in application at the authorization server. */
export function applicationUrl(authUrl: string, { tenantId, realmId }: TenantIds): string {
  const realm = `${authUrl}/v1/tenants/${tenantId}/realms/${realmId}`;
  return `${realm}/applications/${SIMULATED_SIGN_IN_APPLICATION_ID}`;
}

/**
 * The claims of a request that the vendor's SDK accepts and answers with a proof. The vendor does not document them: they were
 * found by watching the SDK 3.0.6, and everything in them is demanded by it.
 */
export function signInClaims(parts: SignInRequestParts): object {
  const { ids, authUrl, invokeUrl, redirectUri, state, transactionId, nonce, issuedAt, lifetimeMs } = parts;
  const { tenantId, realmId } = ids;
  const seconds = Math.floor(issuedAt / 1000);
  return {
    iss: applicationUrl(authUrl, ids),
    sub: SIMULATED_SIGN_IN_APPLICATION_ID,
    aud: [invokeUrl],
    iat: seconds,
    nbf: seconds,
    exp: seconds + lifetimeMs / 1000,
    jti: randomUUID(),
    cid: randomUUID(),
    verb: 'authenticate',
    transaction_id: transactionId,
    indirect_uri: `${authUrl}/indirect`,
    origin: { ip: '127.0.0.1', ua: parts.userAgent, geo: '', ref: invokeUrl },
    authn: {
      mode: 'grant',
      base_url: authUrl,
      tid: tenantId,
      rid: realmId,
      aid: SIMULATED_SIGN_IN_APPLICATION_ID,
      redirect_uri: redirectUri,
      state,
      action: { prove: { transaction_id: transactionId, nonce, bi_pol_ver: 'v3' } },
      authenticator_config: describeAuthenticatorConfig(ids, invokeUrl, 'manual'),
    },
  };
}
