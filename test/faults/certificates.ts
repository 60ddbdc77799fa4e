import { generate } from 'selfsigned';

/** A certificate in PEM, and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What differs from a certificate that is in order. */
export interface Flaw {
  /** Whom it names (localhost). */
  readonly name?: string;
  readonly notBeforeDate?: Date;
  readonly notAfterDate?: Date;
}

const DAY_MS = 86_400_000;

/** Makes an authority; or a certificate, by itself or by an authority, for a server. */
export async function certify(
  ca?: Certificate,
  { name = 'localhost', ...dates }: Flaw = {},
): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: ca ? name : 'An authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + DAY_MS),
    ...dates,
    extensions: [
      { name: 'basicConstraints', cA: ca === undefined },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
    ...(ca && { ca }),
  });
  return { cert: made.cert, key: made.private };
}

/** So many days from now. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}
