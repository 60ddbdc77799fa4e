import * as z from 'zod';
import { recoverUserRequest } from '../../functions/recover-user/http/contract.ts';
import { ADDRESS } from '../../functions/recover-user/http/email-address.ts';

/**
 * The JSON Schema of a request's body, made from the schema that the function validates with.
 *
 * - `openapi`: for people and generators of clients. Its pattern is the HTML standard's, which the function applies to the
 *   normalized address: whatever matches it is accepted. It has no `format: "email"`, by which clients would reject
 *   addresses that people have, such as `foo..bar@example.ne.jp`.
 * - `gateway`: draft 4, for a model of API Gateway. Its pattern is that of addresses as typed. Its validator (by its
 *   messages: java-json-tools/json-schema-validator) enforces `format: "email"` by a grammar of its own, too. It knows no
 *   `idn-email`, so that the pattern alone decides.
 */
export function requestSchema(purpose: 'openapi' | 'gateway') {
  const isGateway = purpose === 'gateway';
  return z.toJSONSchema(recoverUserRequest, {
    io: 'input',
    target: isGateway ? 'draft-4' : 'draft-2020-12',
    override: ({ path, jsonSchema }) => {
      if (path.join('/') !== 'properties/email') return;
      if (isGateway) jsonSchema.format = 'idn-email';
      else jsonSchema.pattern = ADDRESS.source;
    },
  });
}
