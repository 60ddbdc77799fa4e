import { CORS, RESPONSE_HEADERS } from '../../functions/recover-user/http/contract.ts';

/** The headers of every error response, by name. A page of an allowed origin can read the response. */
export function fixedErrorHeaders(allowedOrigins: readonly string[]): Record<string, string> {
  return { ...RESPONSE_HEADERS, ...corsHeaders(allowedOrigins) };
}

/**
 * API Gateway and WAF can put a fixed text into a header, API Gateway the unchecked Origin of the request too, but neither
 * has an allow-list. So with several origins any page may read an error response: it is the same for everybody, holds
 * nothing of a user, and is never sent with credentials. (ASVS 3.4.2 allows a wildcard where the response holds nothing
 * sensitive, and forbids echoing an unchecked Origin.) The function's own responses are for the allow-list only.
 */
function corsHeaders([origin, ...others]: readonly string[]): Record<string, string> {
  if (origin === undefined) return {};
  return {
    'Access-Control-Allow-Origin': others.length === 0 ? origin : '*',
    'Access-Control-Expose-Headers': CORS.exposeHeaders,
    Vary: 'Origin',
  };
}
