import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { type Jws, readJws } from './jws.ts';
import type { V1Request } from './messages.ts';

const claims = z.object({ Jwt: z.string() });

const header = z.object({
  alg: z.literal('ES256'),
  /** The thumbprint of the passkey's key. */
  kid: z.string(),
});

const payload = z.object({
  /** `CN={identity}, OU={realm}, O={tenant}`. */
  sub: z.string(),
  /** The URL of the operation. */
  aud: z.array(z.string()),
  exp: z.number(),
  nbf: z.number(),
  bi_tid: z.string(),
  bi_non: z.string(),
  bi_pol_ver: z.literal('v3'),
});

/** What a passkey signed to prove that it is there. Times are in seconds since the epoch. */
export type SignInProof = Jws<z.infer<typeof header>, z.infer<typeof payload>>;

/** Reads the form that the vendor's SDK sends: `claims={"Jwt":"..."}`. `undefined` for anything else. */
export function readProof({ headers, query, body }: V1Request): SignInProof | undefined {
  const isForm = /^application\/x-www-form-urlencoded *(;|$)/i.test(headers['content-type'] ?? '');
  const form = new URLSearchParams(body);
  if (!isForm || query !== '' || [...form.keys()].join() !== 'claims') return undefined;
  const parsed = parseJson(claims, form.get('claims') ?? '');
  return 'value' in parsed ? readJws(parsed.value.Jwt, { header, payload }) : undefined;
}
