import * as z from 'zod';
import { recoverUserRequest } from '../../functions/recover-user/http/contract.ts';

/**
 * The JSON Schema of a request's body, made from the schema that the function validates with.
 *
 * - `openapi`: for people and generators of clients.
 * - `gateway`: draft 4, for a model of API Gateway. Its validator (by its messages: java-json-tools/json-schema-validator)
 *   enforces `format: "email"` by a grammar of its own, which rejects addresses that people have, such as
 *   `foo..bar@example.ne.jp`. It knows no `idn-email`, so that the pattern alone decides.
 */
export function requestSchema(purpose: 'openapi' | 'gateway') {
  const isGateway = purpose === 'gateway';
  const format = isGateway ? 'idn-email' : 'email';
  return z.toJSONSchema(recoverUserRequest, {
    io: 'input',
    target: isGateway ? 'draft-4' : 'draft-2020-12',
    override: ({ path, jsonSchema }) => {
      if (path.join('/') === 'properties/email') jsonSchema.format = format;
    },
  });
}
