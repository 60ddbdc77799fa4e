import * as z from 'zod';
import { problemDocument } from '../../functions/recover-user/http/contract.ts';

const headers = z.record(z.string(), z.string());

/** An error response of API Gateway, as the template has it. */
export const gatewayResponse = z.object({
  ResponseType: z.string(),
  StatusCode: z.string(),
  ResponseTemplates: headers,
  ResponseParameters: headers,
});

/** The problem document of a response template, checked against the contract. */
export function problemOf(templates: Record<string, string>) {
  const text = templates['application/json']?.replaceAll(
    '$context.requestId',
    'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  );
  return problemDocument.parse(JSON.parse(text ?? ''));
}

/** Headers by their name, without `gatewayresponse.header.`. */
export function headersOf(parameters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name.replace(/^(gatewayresponse|method\.response)\.header\./, ''),
      value,
    ]),
  );
}
