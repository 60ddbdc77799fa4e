import * as z from 'zod/mini';
import { WHEREABOUTS_PATH } from '../../paths.ts';
import './without-compilation.ts';

/** What may be sent again, once the person wants to: nobody waits for a tenant longer than this. */
const PATIENCE_MS = 10_000;

const whereabouts = z.object({ tenantUrl: z.string() });
const refusal = z.object({ reason: z.string(), message: z.string() });

/** The tenant said no, and why. */
export class TenantRefusal extends Error {
  /** One of the reasons that the tenant's operations name. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'TenantRefusal';
    this.reason = reason;
  }
}

/**
 * The answer of one of the tenant's operations. Rejects with a `TenantRefusal` where the tenant refuses, and with whatever comes
 * when it cannot be reached, takes too long or answers with something else.
 */
export async function askTenant<Schema extends z.ZodMiniType>(
  path: string,
  body: object,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { tenantUrl } = whereabouts.parse(await (await fetch(WHEREABOUTS_PATH)).json());
  const response = await fetch(tenantUrl + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.ok) return schema.parse(await response.json());
  const refused = refusal.safeParse(await response.json());
  if (refused.success) throw new TenantRefusal(refused.data.reason, refused.data.message);
  throw new Error(`The tenant answered ${response.status}.`);
}
