import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import {
  MAXIMUM_BODY_BYTES,
  MAXIMUM_BODY_BYTES_WITH_CAPTCHA,
  problemDocument,
  ROUTE,
  recoverUserResponse,
} from '../../functions/recover-user/http/contract.ts';
import manifest from '../../package.json' with { type: 'json' };
import { requestSchema } from './request-schema.ts';

/** Where the document is kept; committed, so that front ends can generate their client from it. */
export const OPENAPI_FILE = fileURLToPath(new URL('../../openapi.json', import.meta.url));

/** The responses that are problem documents, and when they are sent. */
const ERROR_RESPONSES = {
  400: 'The body is not JSON, or has the key "__proto__" or "constructor" with "prototype" in it; or API Gateway found no email address under the key "email" in it.',
  403: 'A security rule blocked the request.',
  404: 'Unknown path.',
  405: 'The method is not POST.',
  413: `The body has more than ${MAXIMUM_BODY_BYTES} bytes, or more than ${MAXIMUM_BODY_BYTES_WITH_CAPTCHA} where the deployment requires a CAPTCHA.`,
  415: 'The body is not sent as application/json.',
  422: 'The request is not valid: `errors` says what is wrong, and a pointer where.',
  429: 'Too many requests, of all callers or from this client IP. `Retry-After` says when to try again.',
  500: 'Internal server error.',
  502: 'Bad gateway: the function returned no valid response.',
  503: 'Recovery cannot be accepted right now. `Retry-After` says when to try again.',
  504: 'Gateway timeout: the function returned no response in time.',
};
const WITH_RETRY_AFTER = ['429', '503'];

/** The web ACL sends these, too. It has no other content type for JSON, and no request id. */
const BY_WEB_ACL = ['413', '429'];

/** The API as an OpenAPI 3.1 document, made from the very schemas that the function validates with. */
export function openApiDocument(): string {
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'User recovery for Beyond Identity',
      version: manifest.version,
      description:
        'Sends a recovery link through Beyond Identity to a user who has lost every device. The response does not depend on whether the user exists.',
    },
    paths: {
      [ROUTE]: {
        post: {
          operationId: 'recoverUser',
          summary: 'Request a recovery email',
          security: [],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/RecoverUserRequest' },
                example: { email: 'jane@example.com' },
              },
            },
          },
          responses: {
            202: {
              description:
                'The request is valid. The bytes are always the same, whether or not the user exists.',
              headers: headers(false),
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/RecoverUserResponse' } },
              },
            },
            ...Object.fromEntries(
              Object.entries(ERROR_RESPONSES).map(([status, why]) => [status, errorResponse(status, why)]),
            ),
          },
        },
      },
    },
    components: {
      headers: {
        XRequestId: { description: 'Names this request in the logs.', schema: { type: 'string' } },
        RetryAfter: { description: 'Seconds to wait (RFC 9110).', schema: { type: 'integer', minimum: 0 } },
      },
      schemas: {
        RecoverUserRequest: {
          ...withoutDialect(requestSchema('openapi')),
          description:
            '`email`: what a browser\'s <input type="email"> accepts. The endpoint trims it, and converts a domain beyond ASCII. Other keys are ignored.',
        },
        RecoverUserResponse: schemaOf(recoverUserResponse),
        Problem: { ...schemaOf(problemDocument), description: 'A problem document (RFC 9457).' },
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function errorResponse(status: string, description: string) {
  const problem = { schema: { $ref: '#/components/schemas/Problem' } };
  return {
    description,
    headers: headers(WITH_RETRY_AFTER.includes(status)),
    content: {
      'application/problem+json': problem,
      ...(BY_WEB_ACL.includes(status) && { 'application/json': problem }),
    },
  };
}

function headers(withRetryAfter: boolean) {
  return {
    'X-Request-Id': { $ref: '#/components/headers/XRequestId' },
    ...(withRetryAfter && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
  };
}

function schemaOf(schema: z.core.$ZodType) {
  return withoutDialect(z.toJSONSchema(schema, { io: 'output' }));
}

/** OpenAPI 3.1 takes JSON Schema as it is, but for the dialect, which it names itself. */
function withoutDialect({ $schema: _dialect, ...jsonSchema }: z.core.JSONSchema.BaseSchema) {
  return jsonSchema;
}
