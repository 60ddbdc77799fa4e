import * as z from 'zod/mini';
import './without-compilation.ts';

/*
 * Simulated: replaces the passkey that the vendor's web SDK creates. The private key cannot be exported, and stays in this
 * browser's IndexedDB. Nothing verifies the user.
 */

/** A key pair of this browser. */
export interface SimulatedPasskey {
  readonly privateKey: CryptoKey;
  /** JSON Web Key (RFC 7517). */
  readonly publicKey: JsonWebKey;
}

/** A passkey that a tenant has bound to an identity. */
export interface BoundPasskey {
  /** The id that the tenant gave the credential. */
  readonly credentialId: string;
  readonly privateKey: CryptoKey;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };
const DATABASE = 'simulated-passkeys';
const STORE = 'bound';
/** One passkey per browser: the latest recovery replaces it. */
const KEY = 'latest';

const boundPasskey = z.object({ credentialId: z.string(), privateKey: z.instanceof(CryptoKey) });

/** Creates a passkey that no tenant knows yet. */
export async function createSimulatedPasskey(): Promise<SimulatedPasskey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { kty = '', crv = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  return { privateKey, publicKey: { kty, crv, x, y } };
}

/** The signature (ES256, RFC 7518, section 3.4) of a text, in Base64url. */
export async function signText(privateKey: CryptoKey, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return base64url(new Uint8Array(await crypto.subtle.sign(SIGNATURE_ALGORITHM, privateKey, bytes)));
}

/** A JWS in compact form (RFC 7515) whose header has the passkey's public key. */
export async function signJws(passkey: SimulatedPasskey, payload: object): Promise<string> {
  const header = { alg: 'ES256', jwk: passkey.publicKey };
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${await signText(passkey.privateKey, text)}`;
}

/** Stores the passkey in this browser; it replaces the previous one. */
export async function storeBoundPasskey(passkey: BoundPasskey): Promise<void> {
  await inStore('readwrite', (store) => store.put(passkey, KEY));
}

/** The passkey of this browser, if it has one. */
export async function loadBoundPasskey(): Promise<BoundPasskey | undefined> {
  return boundPasskey.safeParse(await inStore('readonly', (store) => store.get(KEY))).data;
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  operate: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(operate(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function encode(value: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
