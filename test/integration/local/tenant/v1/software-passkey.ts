import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** The parts of a recovery link that an authenticator uses. */
export interface TestLink {
  /** Path of the job below the API's URL. */
  readonly path: string;
  readonly tenantId: string;
  readonly realmId: string;
  readonly identityId: string;
  readonly token: string;
}

/** What a test changes in a valid binding. */
interface Deviation {
  readonly signsWithOtherKey?: boolean;
  /** Replaces members of the JWS header. */
  readonly header?: object;
}

/** Reads a recovery link as the vendor's SDK does. */
export function openLink(link: string): TestLink {
  const { searchParams } = new URL(link);
  const parameter = (name: string) => searchParams.get(name) ?? '';
  const [tenantId, realmId] = [parameter('tenant_id'), parameter('realm_id')];
  const [identityId, jobId] = [parameter('identity_id'), parameter('job_id')];
  return {
    path: `/v1/tenants/${tenantId}/realms/${realmId}/identities/${identityId}/credential-binding-jobs/${jobId}`,
    tenantId,
    realmId,
    identityId,
    token: parameter('token'),
  };
}

/** Creates a software passkey, and the body of `:bind` that its private key signed. */
export function createBinding(
  { tenantId, realmId, identityId, token }: TestLink,
  { signsWithOtherKey = false, header = {} }: Deviation = {},
): { body: { type: string; raw: string }; publicKey: JsonWebKey; privateKey: KeyObject } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = signsWithOtherKey ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : pair;
  const publicKey = pair.publicKey.export({ format: 'jwk' });
  const head = encode({ alg: 'ES256', jwk: publicKey, ...header });
  const payload = encode({ sub: `CN=${identityId}, OU=${realmId}, O=${tenantId}`, token });
  const text = `${head}.${payload}`;
  const key = { key: signer.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', Buffer.from(text), key).toString('base64url');
  return { body: { type: 'JWT', raw: `${text}.${signature}` }, publicKey, privateKey: pair.privateKey };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
