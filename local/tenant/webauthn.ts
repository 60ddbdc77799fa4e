import { createHash } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type VerifiedAuthenticationResponse,
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import type * as z from 'zod/mini';
import { parseJson } from '../json-text.ts';
import {
  AUTHENTICATION_OPTIONS_PATH,
  AUTHENTICATION_VERIFY_PATH,
  REGISTRATION_OPTIONS_PATH,
  REGISTRATION_VERIFY_PATH,
} from '../paths.ts';
import type { SimulatedUser } from './simulated-users.ts';
import { createSingleUseTokens, type SingleUseTokens, type TokenProblem } from './single-use-tokens.ts';
import {
  authenticationBody,
  authenticationOptionsBody,
  registrationBody,
  registrationOptionsBody,
} from './webauthn-bodies.ts';

/** Why an operation failed: the link is invalid, the request is malformed, the proof is wrong, or the credential is unknown. */
export type WebAuthnErrorReason = TokenProblem | 'bad-request' | 'not-verified' | 'unknown-credential';

/** A response to the browser. An error's body has a `reason` for code and a `message` for people. */
export type WebAuthnResponse =
  | { readonly status: 200; readonly body: object }
  | {
      readonly status: 400 | 404 | 410;
      readonly body: { readonly reason: WebAuthnErrorReason; readonly message: string };
    };

/** The operations by path; each takes the text of a request's body. */
export type WebAuthnOperations = ReadonlyMap<string, (body: string) => Promise<WebAuthnResponse>>;

/** Dependencies of the operations. */
export interface WebAuthnOptions {
  /** Origin of the app's pages, the only ones that may register and use credentials. */
  readonly appOrigin: string;
  readonly links: SingleUseTokens<SimulatedUser>;
  readonly now?: (() => number) | undefined;
}

const CHALLENGE_LIFETIME_MS = 5 * 60_000;

/** EdDSA, ES256 and RS256 (https://www.iana.org/assignments/cose/): every authenticator has one of them. */
const ALGORITHMS = [-8, -7, -257];

const REASONS: Readonly<Record<TokenProblem, string>> = {
  expired: 'The recovery link has expired',
  used: 'The recovery link has already been used',
  malformed: 'This is not a recovery link of this tenant',
};

/**
 * Replaces the vendor's SDK with plain WebAuthn (https://www.w3.org/TR/webauthn-3/): discoverable credentials that require
 * user verification.
 */
export function createWebAuthnOperations({ appOrigin, links, now }: WebAuthnOptions): WebAuthnOperations {
  const rpID = new URL(appOrigin).hostname;
  const challenges = { lifetimeMs: CHALLENGE_LIFETIME_MS, forgetsExpired: true, now };
  const registrations = createSingleUseTokens<{ readonly link: string }>(challenges);
  const authentications = createSingleUseTokens<object>(challenges);
  const credentials = new Map<string, { readonly user: SimulatedUser; credential: WebAuthnCredential }>();

  async function registrationOptions({ token }: z.infer<typeof registrationOptionsBody>) {
    const link = links.consult(token);
    if ('reason' in link) return linkError(link.reason);
    const user = link.subject;
    return accept(
      await generateRegistrationOptions({
        rpName: 'Simulated app',
        rpID,
        userName: user.email,
        userDisplayName: user.displayName,
        // stable per user: a device keeps one credential per user id, and replaces the previous one
        userID: new Uint8Array(createHash('sha256').update(user.externalId).digest()),
        challenge: bytesOf(registrations.issue({ link: token }).token),
        supportedAlgorithmIDs: ALGORITHMS,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    );
  }

  async function register({ token, response }: z.infer<typeof registrationBody>): Promise<WebAuthnResponse> {
    const link = links.consult(token);
    if ('reason' in link) return linkError(link.reason);
    const verified = await orUndefined<VerifiedRegistrationResponse>(() =>
      verifyRegistrationResponse({
        response,
        expectedChallenge: (challenge) => {
          const issued = registrations.consume(challenge);
          return 'subject' in issued && issued.subject.link === token;
        },
        expectedOrigin: appOrigin,
        expectedRPID: rpID,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (!verified?.verified)
      return failure(400, 'not-verified', 'The credential does not belong to this link');
    const { credential } = verified.registrationInfo;
    if (credentials.has(credential.id)) return failure(400, 'not-verified', 'This credential is not new');
    // last, so that a failure does not use up the link and only one of two concurrent requests succeeds
    const taken = links.consume(token);
    if ('reason' in taken) return linkError(taken.reason);
    credentials.set(credential.id, { user: taken.subject, credential });
    return accept({ registered: true });
  }

  async function authenticationOptions(): Promise<WebAuthnResponse> {
    const challenge = bytesOf(authentications.issue({}).token);
    return accept(await generateAuthenticationOptions({ rpID, challenge, userVerification: 'required' }));
  }

  async function authenticate({ response }: z.infer<typeof authenticationBody>): Promise<WebAuthnResponse> {
    const known = credentials.get(response.id);
    if (known === undefined)
      return failure(404, 'unknown-credential', 'The tenant does not know this credential');
    const verified = await orUndefined<VerifiedAuthenticationResponse>(() =>
      verifyAuthenticationResponse({
        response,
        expectedChallenge: (challenge) => 'subject' in authentications.consume(challenge),
        expectedOrigin: appOrigin,
        expectedRPID: rpID,
        credential: known.credential,
      }),
    );
    if (!verified?.verified)
      return failure(400, 'not-verified', 'The signature does not belong to this credential');
    known.credential = { ...known.credential, counter: verified.authenticationInfo.newCounter };
    return accept({ displayName: known.user.displayName });
  }

  return new Map([
    [REGISTRATION_OPTIONS_PATH, reading(registrationOptionsBody, registrationOptions)],
    [REGISTRATION_VERIFY_PATH, reading(registrationBody, register)],
    [AUTHENTICATION_OPTIONS_PATH, reading(authenticationOptionsBody, authenticationOptions)],
    [AUTHENTICATION_VERIFY_PATH, reading(authenticationBody, authenticate)],
  ]);
}

function reading<Schema extends z.ZodMiniType>(
  schema: Schema,
  execute: (body: z.output<Schema>) => Promise<WebAuthnResponse>,
): (body: string) => Promise<WebAuthnResponse> {
  return async (text) => {
    const body = parseJson(schema, text);
    return 'problem' in body ? failure(400, 'bad-request', body.problem) : execute(body.value);
  };
}

/** The library throws for every invalid value, with a message for developers. */
async function orUndefined<Result>(verify: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}

function accept(body: object): WebAuthnResponse {
  return { status: 200, body };
}

function linkError(reason: TokenProblem): WebAuthnResponse {
  return failure(reason === 'malformed' ? 404 : 410, reason, REASONS[reason]);
}

function failure(status: 400 | 404 | 410, reason: WebAuthnErrorReason, message: string): WebAuthnResponse {
  return { status, body: { reason, message } };
}

function bytesOf(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(token, 'base64url'));
}
