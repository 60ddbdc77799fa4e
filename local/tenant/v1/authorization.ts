import type { AccessTokens } from './access-tokens.ts';
import { type Checked, forbidden, unauthorized, type V1Request } from './messages.ts';

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(request: V1Request): string | undefined {
  return /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/.exec(request.headers.authorization ?? '')?.[1];
}

/** The scopes of the request's access token, of which one of `sufficient` must be among them. */
export function authorize(
  request: V1Request,
  tokens: AccessTokens,
  sufficient: readonly string[],
): Checked<ReadonlySet<string>> {
  const scopes = tokens.scopesOf(bearerToken(request) ?? '');
  if (scopes === undefined) return { rejected: unauthorized() };
  if (!sufficient.some((scope) => scopes.has(scope))) return { rejected: forbidden() };
  return { value: scopes };
}
