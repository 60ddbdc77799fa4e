import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parsedJson } from '../functions/adapters/beyond-identity/api-call.ts';
import type { TokenExpectation } from './token-check.ts';

const setting = z.nullish(z.string());

/** Only what a credential can be compared with: the deployment checks the rest of the file. */
const configFile = z.object({
  beyondIdentity: z.object({
    platform: z.enum(['v0', 'v1']),
    region: setting,
    tenantId: setting,
    applicationId: setting,
  }),
});

/** What the file `config/<stage>.json` of the project says of the credential; `undefined` where it says nothing. */
export function tokenExpectationOf(stage: string): TokenExpectation | undefined {
  const { data } = configFile.safeParse(parsedJson(contentsOf(stage))?.value);
  if (data === undefined) return undefined;
  const { platform, region, tenantId, applicationId } = data.beyondIdentity;
  return {
    platform,
    region: region ?? undefined,
    tenantId: tenantId ?? undefined,
    usesClientCredentials: platform === 'v1' && Boolean(applicationId),
  };
}

/** Empty where there is no such file: a secret may be named without a stage of this project. */
function contentsOf(stage: string): string {
  try {
    return readFileSync(join('config', `${stage}.json`), 'utf8');
  } catch {
    return '';
  }
}
