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
import { createSingleUseTokens, type SingleUseTokens, type TokenRefusal } from './single-use-tokens.ts';
import {
  authenticationBody,
  authenticationOptionsBody,
  registrationBody,
  registrationOptionsBody,
} from './webauthn-bodies.ts';

/**
 * Why an operation came to nothing: the recovery link's own reasons, a request that is none, what the browser sent that does
 * not prove what it should, a credential that the tenant does not know.
 */
export type WebAuthnRefusal = TokenRefusal | 'bad-request' | 'not-verified' | 'unknown-credential';

/** An answer to the browser. A refusal's body has a `reason` to branch on and a `message` to read. */
export type WebAuthnAnswer =
  | { readonly status: 200; readonly body: object }
  | {
      readonly status: 400 | 404 | 410;
      readonly body: { readonly reason: WebAuthnRefusal; readonly message: string };
    };

/** The path of each operation below the tenant's base URL, and what it does with the text of a request's body. */
export type WebAuthnOperations = ReadonlyMap<string, (body: string) => Promise<WebAuthnAnswer>>;

/** What the operations depend on. */
export interface WebAuthnOptions {
  /** Of the app's pages: no other may register or use a credential. */
  readonly appOrigin: string;
  readonly links: SingleUseTokens<SimulatedUser>;
  readonly now?: (() => number) | undefined;
}

const CHALLENGE_LIFETIME_MS = 5 * 60_000;

/** EdDSA, ES256 and RS256 (https://www.iana.org/assignments/cose/): every authenticator has one of them. */
const ALGORITHMS = [-8, -7, -257];

const REASONS: Readonly<Record<TokenRefusal, string>> = {
  expired: "The recovery link's time is over",
  used: 'The recovery link was used before',
  malformed: 'This is no recovery link of this tenant',
};

/**
 * What the vendor's SDK does with the tenant, done with plain WebAuthn (https://www.w3.org/TR/webauthn-3/): credentials that
 * the device can find by itself, used only by a person whom the device has verified.
 */
export function createWebAuthnOperations({ appOrigin, links, now }: WebAuthnOptions): WebAuthnOperations {
  const rpID = new URL(appOrigin).hostname;
  const challenges = { lifetimeMs: CHALLENGE_LIFETIME_MS, forgetsExpired: true, now };
  const registrations = createSingleUseTokens<{ readonly link: string }>(challenges);
  const authentications = createSingleUseTokens<object>(challenges);
  const credentials = new Map<string, { readonly user: SimulatedUser; credential: WebAuthnCredential }>();

  async function registrationOptions({ token }: z.infer<typeof registrationOptionsBody>) {
    const link = links.consult(token);
    if ('reason' in link) return refuseLink(link.reason);
    const user = link.subject;
    return accept(
      await generateRegistrationOptions({
        rpName: 'Simulated app',
        rpID,
        userName: user.email,
        userDisplayName: user.displayName,
        // the same one each time: a device keeps one credential per user, and forgets the lost ones of this user
        userID: new Uint8Array(createHash('sha256').update(user.externalId).digest()),
        challenge: bytesOf(registrations.issue({ link: token }).token),
        supportedAlgorithmIDs: ALGORITHMS,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    );
  }

  async function register({ token, response }: z.infer<typeof registrationBody>): Promise<WebAuthnAnswer> {
    const link = links.consult(token);
    if ('reason' in link) return refuseLink(link.reason);
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
    if (!verified?.verified) return refuse(400, 'not-verified', 'This is no credential for this link');
    const { credential } = verified.registrationInfo;
    if (credentials.has(credential.id)) return refuse(400, 'not-verified', 'This credential is not new');
    // only now: whoever fails may try again, and of two who succeed at once, the second is told that it was used
    const taken = links.consume(token);
    if ('reason' in taken) return refuseLink(taken.reason);
    credentials.set(credential.id, { user: taken.subject, credential });
    return accept({ registered: true });
  }

  async function authenticationOptions(): Promise<WebAuthnAnswer> {
    const challenge = bytesOf(authentications.issue({}).token);
    return accept(await generateAuthenticationOptions({ rpID, challenge, userVerification: 'required' }));
  }

  async function authenticate({ response }: z.infer<typeof authenticationBody>): Promise<WebAuthnAnswer> {
    const known = credentials.get(response.id);
    if (known === undefined)
      return refuse(404, 'unknown-credential', 'The tenant does not know this credential');
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
      return refuse(400, 'not-verified', 'The signature is not that of this credential');
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
  carryOut: (body: z.output<Schema>) => Promise<WebAuthnAnswer>,
): (body: string) => Promise<WebAuthnAnswer> {
  return async (text) => {
    const body = parseJson(schema, text);
    return 'problem' in body ? refuse(400, 'bad-request', body.problem) : carryOut(body.value);
  };
}

/** The library throws at whatever is not as it should be, and says so in words that are for developers. */
async function orUndefined<Result>(verify: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}

function accept(body: object): WebAuthnAnswer {
  return { status: 200, body };
}

function refuseLink(reason: TokenRefusal): WebAuthnAnswer {
  return refuse(reason === 'malformed' ? 404 : 410, reason, REASONS[reason]);
}

function refuse(status: 400 | 404 | 410, reason: WebAuthnRefusal, message: string): WebAuthnAnswer {
  return { status, body: { reason, message } };
}

function bytesOf(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(token, 'base64url'));
}
