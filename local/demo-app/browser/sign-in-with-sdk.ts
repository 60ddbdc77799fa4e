import type { Embedded, Passkey } from '@beyondidentity/bi-sdk-js';
import * as z from 'zod/mini';
import { V1_URLS } from '../../../lib/config/beyond-identity-urls.ts';
import { loadSdkFile } from '../../../web/pages/sdk-file.ts';
import { property } from '../../../web/property.ts';
import { withTimeLimit } from '../../../web/register-credential/time-limit.ts';
import { SIGN_IN_PAGE_PATH, SIGN_IN_PATH } from '../../paths.ts';
import {
  SIMULATED_REALM_ID,
  SIMULATED_SIGN_IN_APPLICATION_ID,
  SIMULATED_SIGN_IN_CLIENT_ID,
  SIMULATED_TENANT_ID,
} from '../../tenant/v1/simulated-ids.ts';
import type { Outcome } from './authenticate.ts';
import { getFromTenant, postToTenant, V1TenantError } from './v1-tenant-client.ts';
import { interceptVendorCalls, stopIntercepting } from './vendor-calls.ts';

const APPLICATION_URL = `${V1_URLS.us.authUrl}/v1/tenants/${SIMULATED_TENANT_ID}/realms/${SIMULATED_REALM_ID}/applications/${SIMULATED_SIGN_IN_APPLICATION_ID}`;

const authorized = z.object({ authenticate_url: z.url() });
const signedIn = z.object({ display_name: z.string() });

/** The user can retry after the timeout. */
const TIMEOUT_MS = 10_000;

/** The first request for the file of the SDK bundles it, and the browser compiles 6 MB. */
const START_TIMEOUT_MS = 30_000;

let starting: Promise<Embedded> | undefined;

/** Signs in with a passkey of the vendor's web SDK, as OpenID Connect does. Never rejects. */
export async function signInWithSdk(tenantUrl: string): Promise<Outcome> {
  try {
    await interceptVendorCalls();
    const sdk = await startedSdk();
    const passkey = latestOf(await sdk.getPasskeys());
    if (passkey === undefined) return { kind: 'dismissed' };
    const code = await authenticate(sdk, passkey);
    // simulated: the server of an app redeems the code, and reads the ID token
    const { display_name: name } = await postToTenant(tenantUrl + SIGN_IN_PATH, { body: { code } }, signedIn);
    await stopIntercepting();
    return { kind: 'signed-in', name: `${name}, with the passkey of the vendor's web SDK` };
  } catch (error) {
    return { kind: kindOf(error) };
  }
}

/** Starts the SDK once, and anew after a failure or a timeout. */
async function startedSdk(): Promise<Embedded> {
  starting ??= startSdk();
  try {
    return await withTimeLimit(starting, START_TIMEOUT_MS);
  } catch (error) {
    starting = undefined;
    throw error;
  }
}

async function startSdk(): Promise<Embedded> {
  const module = await loadSdkFile();
  if (!isSdkModule(module)) throw new TypeError('The file of the SDK has no class Embedded.');
  return module.Embedded.initialize();
}

function isSdkModule(module: unknown): module is typeof import('@beyondidentity/bi-sdk-js') {
  return typeof property(module, 'Embedded') === 'function';
}

/** A recovery replaces the passkey, and the tenant forgets the passkeys of its previous run. */
function latestOf(passkeys: readonly Passkey[]): Passkey | undefined {
  const own = passkeys.filter(({ tenant }) => tenant.id === SIMULATED_TENANT_ID);
  return own.toSorted((one, other) => one.created.localeCompare(other.created)).at(-1);
}

/** Returns an authorization code. */
async function authenticate(sdk: Embedded, passkey: Passkey): Promise<string> {
  const state = crypto.randomUUID();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: SIMULATED_SIGN_IN_CLIENT_ID,
    redirect_uri: location.origin + SIGN_IN_PAGE_PATH,
    scope: 'openid',
    state,
  });
  const { authenticate_url: url } = await getFromTenant(`${APPLICATION_URL}/authorize?${query}`, authorized);
  const { redirectUrl } = await withTimeLimit(sdk.authenticate(url, passkey.id), TIMEOUT_MS);
  const { searchParams } = new URL(redirectUrl);
  const code = searchParams.get('code');
  if (searchParams.get('state') !== state || code === null)
    throw new Error('Not the answer to this sign-in.');
  return code;
}

function kindOf(error: unknown): Exclude<Outcome['kind'], 'signed-in' | 'unsupported' | 'dismissed'> {
  const text = String(property(error, 'message'));
  const status =
    error instanceof V1TenantError ? error.status : Number(/responded with a (\d{3}) error/.exec(text)?.[1]);
  if (status === 404) return 'unknown';
  return status >= 400 && status < 500 && status !== 429 ? 'failed' : 'unreachable';
}
