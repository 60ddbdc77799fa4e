import type { AccessTokens } from './access-tokens.ts';
import { oauthError, resourceNotFound, success, type V1Request, type V1Response } from './messages.ts';
import type { TenantIds } from './simulated-ids.ts';

/** The application and its client, as the token endpoint sees them. */
export interface TokenEndpoint {
  readonly ids: TenantIds;
  readonly tokens: AccessTokens;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The scopes that the application has. */
  readonly scopes: readonly string[];
  /** Whether a scope that the application lacks narrows the token, or is refused. */
  readonly unknownScopes: 'narrow' | 'refuse';
  readonly invalidClientStatus: 400 | 401;
  readonly lifetimeSeconds: number;
  /** The `iss` of tokens. */
  readonly issuer: string;
}

/** The path parameters of the token endpoint. */
export interface TokenPath {
  readonly tenantId: string;
  readonly realmId: string;
  readonly applicationId: string;
}

/** A `scope-token` of RFC 6749, section 3.3. */
const SCOPE_LIST = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/;

const PARAMETERS = new Set(['grant_type', 'scope']);

/** Issues an access token for client credentials (RFC 6749, section 4.4), and rejects everything that deviates from it. */
export function issueToken(request: V1Request, path: TokenPath, endpoint: TokenEndpoint): V1Response {
  const { ids } = endpoint;
  if (path.tenantId !== ids.tenantId) return resourceNotFound('Tenant', path.tenantId);
  if (path.realmId !== ids.applicationRealmId) return resourceNotFound('Realm', path.realmId);
  if (path.applicationId !== ids.applicationId) return resourceNotFound('Application', path.applicationId);
  if (!isClient(request.headers.authorization, endpoint)) {
    const status = endpoint.invalidClientStatus;
    return oauthError(status, 'invalid_client', status === 401 ? { 'WWW-Authenticate': 'Basic' } : {});
  }
  const parameters = formParameters(request);
  if (parameters === undefined || !parameters.has('grant_type')) return oauthError(400, 'invalid_request');
  if (parameters.get('grant_type') !== 'client_credentials') return oauthError(400, 'unsupported_grant_type');
  return grant(parameters.get('scope') ?? '', endpoint);
}

function grant(scope: string, endpoint: TokenEndpoint): V1Response {
  // RFC 6749, section 3.3, lets a server refuse a request without scopes; the contract always has them
  if (!SCOPE_LIST.test(scope)) return oauthError(400, 'invalid_scope');
  const requested = [...new Set(scope.split(' '))];
  const granted = requested.filter((name) => endpoint.scopes.includes(name));
  const isNarrower = granted.length < requested.length;
  if (granted.length === 0 || (isNarrower && endpoint.unknownScopes === 'refuse')) {
    return oauthError(400, 'invalid_scope');
  }
  const { issuer, ids, lifetimeSeconds } = endpoint;
  const accessToken = endpoint.tokens.issue({
    issuer,
    tenantId: ids.tenantId,
    scopes: granted,
    lifetimeSeconds,
  });
  return {
    ...success({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
      scope: granted.join(' '),
    }),
    headers: { 'Cache-Control': 'no-store' },
  };
}

/**
 * Whether a Basic header has the client's id and secret: form-encoded first, as RFC 6749, section 2.3.1, demands, or as they
 * are, as many clients send them.
 */
function isClient(authorization: string | undefined, { clientId, clientSecret }: TokenEndpoint): boolean {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return false;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  if (colon < 0) return false;
  const id = credentials.slice(0, colon);
  const secret = credentials.slice(colon + 1);
  if (id === clientId && secret === clientSecret) return true;
  return formDecode(id) === clientId && formDecode(secret) === clientSecret;
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** The parameters of the body, or `undefined` when it is not a form, repeats a parameter, or has others than these. */
function formParameters({ headers, query, body }: V1Request): URLSearchParams | undefined {
  const isForm = /^application\/x-www-form-urlencoded *(;|$)/i.test(headers['content-type'] ?? '');
  if (!isForm || query !== '') return undefined;
  const parameters = new URLSearchParams(body);
  const names = [...parameters.keys()];
  const isValid = names.every((name) => PARAMETERS.has(name)) && new Set(names).size === names.length;
  return isValid ? parameters : undefined;
}
