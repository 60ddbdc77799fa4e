import {
  type IResource,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CORS, PROBLEM_CONTENT_TYPE, problemDocumentOf } from '../../functions/recover-user/http/contract.ts';
import { fixedErrorHeaders } from './error-headers.ts';

interface ErrorResponse {
  type: ResponseType;
  status: number;
  /** Shown to the caller. It never quotes the request. */
  detail: string;
  /** Seconds after which the caller may try again. */
  retryAfterSeconds?: number;
}

const NOT_FOUND = 'Not found. Send recovery requests to POST /recover-user.';
const NOT_ALLOWED = 'Forbidden. A security rule blocked this request.';
const TOO_MANY = 'Too many requests. Try again shortly.';

/** Every error response of API Gateway itself; what is not named gets one of the two defaults. */
const ERROR_RESPONSES: readonly ErrorResponse[] = [
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: 400,
    detail: 'The body must be JSON with a valid email address under the key "email".',
  },
  { type: ResponseType.ACCESS_DENIED, status: 403, detail: NOT_ALLOWED },
  // what the web ACL's managed rules block; its own rules define their own response
  { type: ResponseType.WAF_FILTERED, status: 403, detail: NOT_ALLOWED },
  // an unknown path, in API Gateway's terms
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, status: 404, detail: NOT_FOUND },
  { type: ResponseType.RESOURCE_NOT_FOUND, status: 404, detail: NOT_FOUND },
  { type: ResponseType.REQUEST_TOO_LARGE, status: 413, detail: 'The body is too large.' },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    detail: 'The body must be JSON (Content-Type: application/json).',
  },
  { type: ResponseType.THROTTLED, status: 429, detail: TOO_MANY, retryAfterSeconds: 1 },
  { type: ResponseType.QUOTA_EXCEEDED, status: 429, detail: TOO_MANY, retryAfterSeconds: 60 },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: 502,
    detail: 'Bad gateway. Try again shortly.',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    detail: 'Gateway timeout. Try again shortly.',
  },
  { type: ResponseType.DEFAULT_4XX, status: 400, detail: 'Bad request.' },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 500,
    detail: 'Internal server error. Try again shortly.',
  },
];

/**
 * `sam local` takes the CORS headers of a mock for ANY as those of the whole API, and responds to preflights with them.
 * On AWS the function responds to preflights, and these are two more headers of the 405.
 */
const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Headers': CORS.headers,
  'Access-Control-Allow-Methods': CORS.methods,
};

/** Makes a mock respond with this status. */
const METHOD_NOT_ALLOWED = JSON.stringify({ statusCode: 405 });

/** API Gateway inserts the request's id. */
const INSTANCE = 'urn:uuid:$context.requestId';

/** The headers of an error response, in API Gateway's notation: a fixed text stands in single quotes. */
function errorHeaders(allowedOrigins: readonly string[]): Record<string, string> {
  return {
    ...quoted({ 'Content-Type': PROBLEM_CONTENT_TYPE, ...fixedErrorHeaders(allowedOrigins) }),
    'X-Request-Id': 'context.requestId',
  };
}

function quoted(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}

/** Makes every error response of API Gateway itself a problem document that a page can read. */
export function addErrorResponses(api: RestApi, allowedOrigins: readonly string[]): void {
  const headers = errorHeaders(allowedOrigins);
  for (const { type, status, detail, retryAfterSeconds } of ERROR_RESPONSES) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: `${status}`,
      responseHeaders: {
        ...headers,
        ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
      // API Gateway looks a template up by the type of the request, application/json when it has none; the header above is
      // what the caller sees
      templates: { 'application/json': JSON.stringify(problemDocumentOf(status, detail, INSTANCE)) },
    });
  }
}

/**
 * The media types that browsers, HTTP clients, SDKs and scanners really send. API Gateway compares them without their
 * parameters (charset, boundary); a request without a Content-Type, such as GET, counts as application/json.
 */
const MEDIA_TYPES = [
  'application/json',
  'application/graphql',
  'application/javascript',
  'application/json-patch+json',
  'application/ld+json',
  'application/merge-patch+json',
  'application/msgpack',
  'application/octet-stream',
  'application/pdf',
  'application/problem+json',
  'application/soap+xml',
  'application/vnd.api+json',
  'application/x-amz-json-1.0',
  'application/x-amz-json-1.1',
  'application/x-ndjson',
  'application/x-protobuf',
  'application/x-www-form-urlencoded',
  'application/xml',
  'multipart/form-data',
  'multipart/mixed',
  'text/css',
  'text/csv',
  'text/html',
  'text/javascript',
  'text/json',
  'text/plain',
  'text/xml',
];

/** Responds with a 405 to every method that the route does not have, whatever the content type, without the function. */
export function addMethodNotAllowed(route: IResource, allowedOrigins: readonly string[]): void {
  const headers = {
    ...errorHeaders(allowedOrigins),
    ...(allowedOrigins.length > 0
      ? quoted({ Allow: CORS.methods, ...PREFLIGHT_HEADERS })
      : { Allow: "'POST'" }),
  };
  const parameters = Object.entries(headers).map(
    ([name, value]) => [`method.response.header.${name}`, value] as const,
  );
  const integration = new MockIntegration({
    // A mock takes its status from its input, which must never be the caller's body: that could choose another status, or,
    // not being JSON, cause a 500. So each media type needs the template, because API Gateway has no wildcard for them. What
    // the list does not name is still rejected, but with a 415.
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: Object.fromEntries(MEDIA_TYPES.map((type) => [type, METHOD_NOT_ALLOWED])),
    integrationResponses: [
      {
        statusCode: '405',
        responseParameters: Object.fromEntries(parameters),
        responseTemplates: {
          'application/json': JSON.stringify(
            problemDocumentOf(405, 'Method not allowed. Send recovery requests with POST.', INSTANCE),
          ),
        },
      },
    ],
  });
  route.addMethod('ANY', integration, {
    methodResponses: [
      {
        statusCode: '405',
        responseParameters: Object.fromEntries(parameters.map(([name]) => [name, true])),
      },
    ],
  });
}
