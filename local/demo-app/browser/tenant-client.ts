import * as z from 'zod/mini';
import { CLIENT_CONFIG_PATH } from '../../paths.ts';
import './without-compilation.ts';

/** The user can retry after the timeout. */
const TIMEOUT_MS = 10_000;

const clientConfig = z.object({ tenantUrl: z.string() });
const errorBody = z.object({ reason: z.string(), message: z.string() });

/** An error response of the tenant. */
export class TenantError extends Error {
  /** One of the reasons of the tenant's operations. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'TenantError';
    this.reason = reason;
  }
}

/**
 * Calls one of the tenant's operations. Rejects with a `TenantError` for an error response, and with another error when the
 * tenant is unreachable, times out or sends an invalid response.
 */
export async function callTenant<Schema extends z.ZodMiniType>(
  path: string,
  body: object,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { tenantUrl } = clientConfig.parse(await (await fetch(CLIENT_CONFIG_PATH)).json());
  const response = await fetch(tenantUrl + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.ok) return schema.parse(await response.json());
  const error = errorBody.safeParse(await response.json());
  if (error.success) throw new TenantError(error.data.reason, error.data.message);
  throw new Error(`The tenant returned ${response.status}.`);
}
