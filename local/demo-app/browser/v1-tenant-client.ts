import * as z from 'zod/mini';
import { CLIENT_CONFIG_PATH } from '../../paths.ts';
import './without-compilation.ts';

/** The user can retry after the timeout. */
const TIMEOUT_MS = 10_000;

const clientConfig = z.object({ tenantUrl: z.string(), platform: z.enum(['v0', 'v1']) });

/** An error response of the v1 tenant. */
export class V1TenantError extends Error {
  override readonly name = 'V1TenantError';
  /** Status of the response. */
  readonly status: number;

  constructor(status: number) {
    super(`The tenant returned ${status}.`);
    this.status = status;
  }
}

/** The configuration of the app's pages. */
export async function readClientConfig(): Promise<z.infer<typeof clientConfig>> {
  return clientConfig.parse(await (await fetch(CLIENT_CONFIG_PATH)).json());
}

/**
 * Sends a POST request to the tenant. Rejects with a {@link V1TenantError} for an error response, and with another error when the
 * tenant is unreachable, times out or sends an invalid response.
 */
export function postToTenant<Schema extends z.ZodMiniType>(
  url: string,
  { body }: { readonly body: object },
  schema: Schema,
): Promise<z.output<Schema>> {
  const headers = { 'Content-Type': 'application/json' };
  return callTenant(url, { method: 'POST', headers, body: JSON.stringify(body) }, schema);
}

/** Sends a GET request to the tenant; rejects as {@link postToTenant} does. */
export function getFromTenant<Schema extends z.ZodMiniType>(
  url: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return callTenant(url, {}, schema);
}

async function callTenant<Schema extends z.ZodMiniType>(
  url: string,
  init: RequestInit,
  schema: Schema,
): Promise<z.output<Schema>> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new V1TenantError(response.status);
  return schema.parse(await response.json());
}
