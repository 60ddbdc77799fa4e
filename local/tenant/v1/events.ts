import * as z from 'zod/mini';
import type { V1TenantFault } from './fault.ts';
import type { SimulatedIdentity } from './identities.ts';
import { usernameAskedFor } from './list-identities.ts';
import type { V1Request } from './messages.ts';
import type { OperationName } from './operation-names.ts';
import type { RoutePath } from './routes.ts';

/** Identifies a call. The user name must not be displayed. */
export interface V1Call {
  /** `undefined` for a path or method that no operation has. */
  readonly operation: OperationName | undefined;
  /** The user name that the call looks up, or that of the identity in its path. */
  readonly username: string | undefined;
}

/** An event at the tenant. */
export type V1TenantEvent =
  | (V1Call & { readonly kind: 'called' })
  /**
   * The call has ended; without a status, it got no complete response. The detail is what the response says beyond its status,
   * without an address.
   */
  | (V1Call & {
      readonly kind: 'responded';
      readonly status: number | undefined;
      readonly detail: string | undefined;
    })
  | (V1Call & { readonly kind: 'mailed' })
  /** A fault hit the call. */
  | (V1Call & { readonly kind: 'fault'; readonly fault: V1TenantFault['kind'] })
  /** Links that were still valid have expired. */
  | { readonly kind: 'links-expired' };

/** The user name that a call is about, if any. */
export function usernameOf(
  { query }: V1Request,
  path: RoutePath | undefined,
  identities: readonly SimulatedIdentity[],
): string | undefined {
  const identityId = path?.identityId ?? '';
  if (identityId === '') return usernameAskedFor(query);
  return identities.find(({ id }) => id === identityId)?.username;
}

const saying = z.union([
  z.pipe(
    z.object({ message: z.string() }),
    z.transform(({ message }) => message),
  ),
  z.pipe(
    z.object({ error: z.string() }),
    z.transform(({ error }) => error),
  ),
  z.pipe(
    z.object({ identities: z.array(z.object({ status: z.string() })) }),
    z.transform(({ identities: [first] }) => (first ? `${first.status} identity` : NO_IDENTITY)),
  ),
]);

/** The detail of a response to a lookup that found nobody. */
export const NO_IDENTITY = 'no identity';

/** What the body of a response says: its error, or the status of the identity that was found. */
export function detailOf(body: unknown): string | undefined {
  return saying.safeParse(body).data;
}
