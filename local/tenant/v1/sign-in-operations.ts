import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { isJsonContentType, parseJson } from '../../json-text.ts';
import { createSingleUseTokens } from '../single-use-tokens.ts';
import type { SimulatedIdentity } from './identities.ts';
import { signJws, thumbprintOf } from './jws.ts';
import type { BoundCredential } from './link-operations.ts';
import {
  invalidParameters,
  malformedRequest,
  oauthError,
  resourceNotFound,
  success,
  unauthorized,
  type V1Request,
  type V1Response,
} from './messages.ts';
import type { RoutePath } from './routes.ts';
import { readProof, type SignInProof } from './sign-in-proof.ts';
import { applicationUrl, signInClaims } from './sign-in-request.ts';
import {
  SIMULATED_SIGN_IN_APPLICATION_ID,
  SIMULATED_SIGN_IN_CLIENT_ID,
  type TenantIds,
} from './simulated-ids.ts';
import { readQuery } from './strict-query.ts';

/** Dependencies of the operations. URLs are without a trailing slash. */
export interface SignInState {
  readonly ids: TenantIds;
  readonly credentials: readonly BoundCredential[];
  readonly identities: readonly SimulatedIdentity[];
  /** The authorization server, as the vendor's SDK reaches it. */
  readonly authUrl: string;
  readonly invokeUrl: string;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** The operations of a sign-in. */
export interface SignInOperations {
  /** Begins a sign-in (RFC 6749, section 4.1.1); returns the URL for the SDK, as an authenticator config with manual invocation does. */
  authorize(request: V1Request, path: RoutePath): V1Response;
  /** Returns the keys that sign the requests for a sign-in (RFC 7517, section 5). */
  keys(request: V1Request, path: RoutePath): V1Response;
  /** Verifies that a bound passkey signed; returns an authorization code. */
  authenticate(request: V1Request, path: RoutePath): V1Response;
  /** Simulated: replaces the app's server, which redeems the code and reads the ID token. Returns who signed in. */
  redeem(request: V1Request): V1Response;
}

const TRANSACTION_LIFETIME_MS = 5 * 60_000;
const CODE_LIFETIME_MS = 60_000;
const PARAMETERS = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state'] as const;

const redeemBody = z.strictObject({ code: z.string() });

/** The sign-in of the vendor's web SDK, with the passkeys that `:bind` bound. */
export function createSignInOperations(state: SignInState): SignInOperations {
  const { ids, credentials, identities, authUrl, invokeUrl, now } = state;
  const application = applicationUrl(authUrl, ids);
  const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = signer.publicKey.export({ format: 'jwk' });
  const kid = thumbprintOf(publicKey);
  const options = { forgetsExpired: true, now };
  const transactions = createSingleUseTokens<string>({ lifetimeMs: TRANSACTION_LIFETIME_MS, ...options });
  const codes = createSingleUseTokens<SimulatedIdentity>({ lifetimeMs: CODE_LIFETIME_MS, ...options });

  function rejectForeign({ tenantId, realmId, applicationId }: RoutePath): V1Response | undefined {
    if (tenantId !== ids.tenantId || realmId !== ids.realmId) return resourceNotFound('Realm', realmId);
    return applicationId === SIMULATED_SIGN_IN_APPLICATION_ID
      ? undefined
      : resourceNotFound('Application', applicationId);
  }

  function authenticateUrl(redirectUri: string, appState: string, request: V1Request): string {
    const nonce = randomBytes(16).toString('base64url');
    const { token: transactionId } = transactions.issue(nonce);
    const claims = signInClaims({
      ...{ ids, authUrl, invokeUrl, redirectUri, state: appState, transactionId, nonce },
      userAgent: request.headers['user-agent'] ?? '',
      issuedAt: now(),
      lifetimeMs: TRANSACTION_LIFETIME_MS,
    });
    const jwt = signJws({ kid, jku: `${application}/.well-known/jwks.json` }, claims, signer.privateKey);
    return `${invokeUrl}/bi-authenticate?request=${jwt}`;
  }

  /** Whether the proof was made for this operation and is still good. */
  function isCurrent({ payload }: SignInProof, credential: BoundCredential): boolean {
    const seconds = now() / 1000;
    const subject = `CN=${credential.identityId}, OU=${ids.realmId}, O=${ids.tenantId}`;
    const isForUs = payload.sub === subject && payload.aud.includes(`${application}/bi-authenticate`);
    const transaction = transactions.consult(payload.bi_tid);
    const isOfTransaction = 'subject' in transaction && transaction.subject === payload.bi_non;
    return isForUs && isOfTransaction && payload.nbf <= seconds && seconds < payload.exp;
  }

  return {
    authorize(request, path) {
      const foreign = rejectForeign(path);
      if (foreign !== undefined) return foreign;
      const query = readQuery(request.query, PARAMETERS);
      if ('rejected' in query) return query.rejected;
      const missing = PARAMETERS.find((name) => !query.value.get(name));
      if (missing !== undefined) return invalidParameters([{ field: missing, description: 'empty string' }]);
      const [responseType, clientId, redirectUri = '', scope, appState = ''] = PARAMETERS.map((name) =>
        query.value.get(name),
      );
      if (clientId !== SIMULATED_SIGN_IN_CLIENT_ID) return oauthError(400, 'invalid_client');
      if (responseType !== 'code') return oauthError(400, 'unsupported_response_type');
      if (scope !== 'openid') return oauthError(400, 'invalid_scope');
      if (!redirectUri.startsWith(`${invokeUrl}/`)) return oauthError(400, 'invalid_request');
      return success({ authenticate_url: authenticateUrl(redirectUri, appState, request) });
    },
    keys: (_, path) =>
      rejectForeign(path) ?? success({ keys: [{ ...publicKey, kid, alg: 'ES256', use: 'sig' }] }),
    authenticate(request, path) {
      const foreign = rejectForeign(path);
      if (foreign !== undefined) return foreign;
      const proof = readProof(request);
      if (proof === undefined) return malformedRequest();
      const credential = credentials.find((one) => thumbprintOf(one.publicKey) === proof.header.kid);
      const identity = identities.find(({ id }) => id === credential?.identityId);
      if (credential === undefined || identity === undefined) {
        return resourceNotFound('Credential', proof.header.kid);
      }
      if (!proof.isSignedBy(credential.publicKey) || !isCurrent(proof, credential)) return unauthorized();
      transactions.consume(proof.payload.bi_tid);
      if (identity.status === 'suspended') return success({ type: 'deny' });
      return success({ type: 'allow', code: codes.issue(identity).token });
    },
    redeem({ headers, body }) {
      const parsed = parseJson(redeemBody, body);
      if (!isJsonContentType(headers['content-type']) || 'problem' in parsed) return malformedRequest();
      const verdict = codes.consume(parsed.value.code);
      if ('reason' in verdict) return oauthError(400, 'invalid_grant');
      return success({ display_name: verdict.subject.displayName });
    },
  };
}
