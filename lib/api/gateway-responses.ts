import {
  type IResource,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CORS, PROBLEM_CONTENT_TYPE } from '../../functions/recover-user/http/contract.ts';
import { fixedRefusalHeaders, problemText } from './problem-text.ts';

interface Refusal {
  type: ResponseType;
  status: number;
  /** Shown to the caller; it never quotes the request. */
  detail: string;
  /** Seconds after which the caller may try again. */
  retryAfterSeconds?: number;
}

const NOT_FOUND = 'There is nothing here. Recovery requests go to POST /recover-user.';
const NOT_ALLOWED = 'This request is not allowed.';
const TOO_MANY = 'There are too many requests at the moment. Try again shortly.';

/** Every way in which API Gateway itself turns a request away; what is not named falls to one of the two defaults. */
const REFUSALS: readonly Refusal[] = [
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: 400,
    detail: 'The body must be JSON with a valid email address under the key "email".',
  },
  { type: ResponseType.ACCESS_DENIED, status: 403, detail: NOT_ALLOWED },
  // what the web ACL's managed rules block; its own rules bring an answer of their own
  { type: ResponseType.WAF_FILTERED, status: 403, detail: NOT_ALLOWED },
  // what API Gateway says of an unknown path
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
    detail: 'The service did not answer properly. Try again shortly.',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    detail: 'The service did not answer in time. Try again shortly.',
  },
  { type: ResponseType.DEFAULT_4XX, status: 400, detail: 'The request could not be understood.' },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 500,
    detail: 'Something went wrong on our side. Try again shortly.',
  },
];

/**
 * `sam local` takes the CORS headers of a mock for ANY as those of the whole API, and answers preflights with them itself.
 * On AWS the function answers preflights, and these are two more headers of the 405.
 */
const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Headers': CORS.headers,
  'Access-Control-Allow-Methods': CORS.methods,
};

/** What makes a mock answer with this status. */
const METHOD_NOT_ALLOWED = JSON.stringify({ statusCode: 405 });

/** What API Gateway puts the request's id into. */
const INSTANCE = 'urn:uuid:$context.requestId';

/** The headers of a refusal, in API Gateway's notation: a fixed text stands in single quotes. */
function refusalHeaders(allowedOrigins: readonly string[]): Record<string, string> {
  return {
    ...quoted({ 'Content-Type': PROBLEM_CONTENT_TYPE, ...fixedRefusalHeaders(allowedOrigins) }),
    'X-Request-Id': 'context.requestId',
  };
}

function quoted(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}

/** Makes a problem document of every refusal that API Gateway answers by itself, readable for a browser's page. */
export function addGatewayRefusals(api: RestApi, allowedOrigins: readonly string[]): void {
  const headers = refusalHeaders(allowedOrigins);
  for (const { type, status, detail, retryAfterSeconds } of REFUSALS) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: `${status}`,
      responseHeaders: {
        ...headers,
        ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
      // API Gateway looks a template up by the type of the request, application/json when it has none; the header above is
      // what the caller sees
      templates: { 'application/json': problemText(status, detail, INSTANCE) },
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

/** Answers every method that the route has not with a 405, whatever the content type, without the function. */
export function addMethodRefusal(route: IResource, allowedOrigins: readonly string[]): void {
  const headers = {
    ...refusalHeaders(allowedOrigins),
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
    // the list does not name is still refused, but with a 415.
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: Object.fromEntries(MEDIA_TYPES.map((type) => [type, METHOD_NOT_ALLOWED])),
    integrationResponses: [
      {
        statusCode: '405',
        responseParameters: Object.fromEntries(parameters),
        responseTemplates: {
          'application/json': problemText(405, 'Recovery requests are sent with POST.', INSTANCE),
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
