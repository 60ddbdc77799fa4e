import { encodeCBOR } from '@levischuck/tiny-cbor';

/*
 * Simulated: replaces a device's authenticator, for a browser without one and for tests. It runs wherever Web Crypto does. Nothing
 * verifies the user: the flags only say so.
 */

/** A credential. Its private key cannot be exported. */
export interface SimulatedCredential {
  /** Base64url. */
  readonly id: string;
  /** The user's id at the relying party, in Base64url. */
  readonly userHandle: string;
  readonly privateKey: CryptoKeyPair['privateKey'];
}

/** Where the authenticator keeps its only credential: a new one replaces it. */
export interface CredentialStore {
  load(): Promise<SimulatedCredential | undefined>;
  save(credential: SimulatedCredential): Promise<void>;
}

/** What a browser gives to a page after a ceremony, as JSON (WebAuthn Level 3, section 5.1). */
export interface CeremonyResponse<Field extends string> {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly clientExtensionResults: object;
  /** Each in Base64url. */
  readonly response: Readonly<Record<Field, string>>;
}

/** The response to `navigator.credentials.create`. */
export type RegistrationResponse = CeremonyResponse<'clientDataJSON' | 'attestationObject'>;

/** The response to `navigator.credentials.get`. */
export type AuthenticationResponse = CeremonyResponse<
  'clientDataJSON' | 'authenticatorData' | 'signature' | 'userHandle'
>;

/** A device with at most one credential, and the browser in which a page uses it. */
export interface SimulatedAuthenticator {
  /** Creates a credential (ES256, attestation `none`), which replaces the previous one. `challenge` and `userId` are in Base64url. */
  register(options: { readonly challenge: string; readonly userId: string }): Promise<RegistrationResponse>;
  /** Signs with the credential. Rejects with a `NotAllowedError`, as browsers do, if there is none. */
  authenticate(options: { readonly challenge: string }): Promise<AuthenticationResponse>;
}

type Bytes = Uint8Array<ArrayBuffer>;
type CryptoKeyPair = Awaited<ReturnType<typeof newKeyPair>>;

/** Flags of the authenticator data (WebAuthn Level 3, section 6.1). */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const CREDENTIAL_ATTACHED = 0x40;
/** The authenticator signs no counter. */
const COUNTER = [0, 0, 0, 0];
/** Zero: an authenticator without a model. */
const AAGUID = new Uint8Array(16);
const ID_BYTES = 32;
const COORDINATE_BYTES = 32;

/**
 * Creates the authenticator of a person who always confirms, in a browser that shows a page of this origin. The relying party is
 * the origin's host. Without a store, it keeps the credential in memory.
 */
export function createSimulatedAuthenticator(
  origin: string,
  store: CredentialStore = inMemory(),
): SimulatedAuthenticator {
  const clientData = (type: string, challenge: string) =>
    utf8(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

  async function authenticatorData(flags: number, ...attached: readonly Bytes[]): Promise<Bytes> {
    const rpIdHash = await sha256(utf8(new URL(origin).hostname));
    return concatenate(
      rpIdHash,
      Uint8Array.of(USER_PRESENT | USER_VERIFIED | flags, ...COUNTER),
      ...attached,
    );
  }

  return {
    async register({ challenge, userId }) {
      const { privateKey, publicKey } = await newKeyPair();
      const rawId = crypto.getRandomValues(new Uint8Array(ID_BYTES));
      const credential = { id: base64url(rawId), userHandle: userId, privateKey };
      const key = await coseKey(publicKey);
      const idLength = Uint8Array.of(0, ID_BYTES);
      const authData = await authenticatorData(CREDENTIAL_ATTACHED, AAGUID, idLength, rawId, key);
      const attestation = new Map<string, string | Map<string, string> | Bytes>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]);
      await store.save(credential);
      return respond(credential.id, {
        clientDataJSON: base64url(clientData('webauthn.create', challenge)),
        attestationObject: base64url(encodeCBOR(attestation)),
      });
    },
    async authenticate({ challenge }) {
      const credential = await store.load();
      if (credential === undefined) throw new DOMException('There is no credential.', 'NotAllowedError');
      const { id, userHandle, privateKey } = credential;
      const clientDataJSON = clientData('webauthn.get', challenge);
      const authData = await authenticatorData(0);
      const signed = concatenate(authData, await sha256(clientDataJSON));
      return respond(id, {
        clientDataJSON: base64url(clientDataJSON),
        authenticatorData: base64url(authData),
        signature: base64url(await sign(privateKey, signed)),
        userHandle,
      });
    },
  };
}

function inMemory(): CredentialStore {
  let credential: SimulatedCredential | undefined;
  return {
    load: async () => credential,
    save: async (saved) => {
      credential = saved;
    },
  };
}

function respond<Field extends string>(
  id: string,
  response: Readonly<Record<Field, string>>,
): CeremonyResponse<Field> {
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
}

function newKeyPair() {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
}

/** The public key as COSE_Key (RFC 9053, section 7.1): an EC2 key for ES256 on P-256. */
async function coseKey(publicKey: CryptoKeyPair['publicKey']): Promise<Bytes> {
  // an uncompressed point: one byte, then both coordinates
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return Uint8Array.from(
    encodeCBOR(
      new Map<number, number | Bytes>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, point.slice(1, 1 + COORDINATE_BYTES)],
        [-3, point.slice(1 + COORDINATE_BYTES)],
      ]),
    ),
  );
}

/** A signature in the form that WebAuthn requires (section 6.5.5): Web Crypto returns two numbers side by side. */
async function sign(privateKey: CryptoKeyPair['privateKey'], data: Bytes): Promise<Bytes> {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, data));
  const half = signature.length / 2;
  const numbers = concatenate(derInteger(signature.slice(0, half)), derInteger(signature.slice(half)));
  return concatenate(Uint8Array.of(0x30, numbers.length), numbers);
}

/** An unsigned number as ASN.1 INTEGER in DER (X.690, section 8.3): the shortest form whose first bit is 0. */
function derInteger(number: Bytes): Bytes {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : number.slice(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Uint8Array.of(0x02, sign.length + digits.length, ...sign, ...digits);
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function utf8(text: string): Bytes {
  return Uint8Array.from(new TextEncoder().encode(text));
}

function concatenate(...parts: readonly Bytes[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
