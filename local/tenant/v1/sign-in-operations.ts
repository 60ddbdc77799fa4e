import { createPublicKey, verify } from 'node:crypto';
import * as z from 'zod/mini';
import { isJsonContentType, parseJson } from '../../json-text.ts';
import { createSingleUseTokens } from '../single-use-tokens.ts';
import type { SimulatedIdentity } from './identities.ts';
import type { BoundCredential } from './link-operations.ts';
import {
  malformedRequest,
  resourceConflict,
  resourceNotFound,
  success,
  unauthorized,
  type V1Request,
  type V1Response,
} from './messages.ts';

/** Dependencies of the operations. */
export interface SignInState {
  readonly credentials: readonly BoundCredential[];
  readonly identities: readonly SimulatedIdentity[];
  /** The clock for challenges, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** The operations of a simulated sign-in. */
export interface SignInOperations {
  /** Returns a challenge that can be signed once. */
  challenge(request: V1Request): V1Response;
  /** Returns the identity whose bound credential signed the challenge. */
  signIn(request: V1Request): V1Response;
}

const CHALLENGE_LIFETIME_MS = 5 * 60_000;

const signInBody = z.strictObject({
  credential_id: z.string(),
  challenge: z.string(),
  /** ES256 over the challenge's text, in Base64url. */
  signature: z.string(),
});

/**
 * Replaces the vendor's OpenID Connect flow, in which its SDK signs with a passkey: a challenge, and the signature of a credential
 * that `:bind` bound.
 */
export function createSignInOperations({ credentials, identities, now }: SignInState): SignInOperations {
  const challenges = createSingleUseTokens<object>({
    lifetimeMs: CHALLENGE_LIFETIME_MS,
    forgetsExpired: true,
    now,
  });
  return {
    challenge: ({ body }) =>
      body === '' ? success({ challenge: challenges.issue({}).token }) : malformedRequest(),
    signIn({ headers, body }) {
      const parsed = parseJson(signInBody, body);
      if (!isJsonContentType(headers['content-type']) || 'problem' in parsed) return malformedRequest();
      const { credential_id: credentialId, challenge, signature } = parsed.value;
      const credential = credentials.find(({ id }) => id === credentialId);
      const identity = identities.find(({ id }) => id === credential?.identityId);
      if (credential === undefined || identity === undefined) {
        return resourceNotFound('Credential', credentialId);
      }
      if ('reason' in challenges.consume(challenge)) return unauthorized();
      if (!isSignedBy(credential, challenge, signature)) return unauthorized();
      if (identity.status === 'suspended') {
        return resourceConflict(422, 'Identity', identity.id, 'Identity suspended');
      }
      return success({ display_name: identity.displayName });
    },
  };
}

function isSignedBy({ publicKey }: BoundCredential, text: string, signature: string): boolean {
  const key = createPublicKey({ key: publicKey, format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes);
}
