import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What a browser hands to a page after a ceremony, as JSON. */
export interface CeremonyResponse {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly clientExtensionResults: object;
  readonly response: Readonly<Record<string, string>>;
}

/** A device with one credential, and the browser in which a page uses it. */
export interface SoftwareAuthenticator {
  /** The new credential, for `navigator.credentials.create`. */
  register(challenge: string): CeremonyResponse;
  /** Its signature, for `navigator.credentials.get`. */
  authenticate(challenge: string): CeremonyResponse;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const CREDENTIAL_ATTACHED = 0x40;
const AAGUID = Buffer.alloc(16);

/** A device of a person who always confirms, in a browser that shows a page of this origin. */
export function createSoftwareAuthenticator(origin: string): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const rpIdHash = sha256(new URL(origin).hostname);

  function respond(response: Readonly<Record<string, Buffer>>): CeremonyResponse {
    const encoded = Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')]);
    return {
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      clientExtensionResults: {},
      response: Object.fromEntries(encoded),
    };
  }

  function clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  return {
    register(challenge) {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const key = isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Uint8Array.from(Buffer.from(x, 'base64url'))],
          [-3, Uint8Array.from(Buffer.from(y, 'base64url'))],
        ]),
      );
      const flags = USER_PRESENT | USER_VERIFIED | CREDENTIAL_ATTACHED;
      const idLength = Buffer.from([0, id.length]);
      const authData = Buffer.concat([rpIdHash, Buffer.from([flags, 0, 0, 0, 0]), AAGUID, idLength, id, key]);
      const attestation = isoCBOR.encode(
        new Map<string, string | Map<string, string> | Uint8Array>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', Uint8Array.from(authData)],
        ]),
      );
      return respond({
        clientDataJSON: clientData('webauthn.create', challenge),
        attestationObject: Buffer.from(attestation),
      });
    },
    authenticate(challenge) {
      const clientDataJSON = clientData('webauthn.get', challenge);
      const authenticatorData = Buffer.concat([
        rpIdHash,
        Buffer.from([USER_PRESENT | USER_VERIFIED, 0, 0, 0, 0]),
      ]);
      const signature = sign(
        'sha256',
        Buffer.concat([authenticatorData, sha256(clientDataJSON)]),
        privateKey,
      );
      return respond({ clientDataJSON, authenticatorData, signature });
    },
  };
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
