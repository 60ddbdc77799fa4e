import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendJson } from '../../http-server.ts';

/** A response of an AWS service: of the query protocol as XML, of the others as JSON. */
export type AwsResponse =
  | { readonly xml: string; readonly status?: number }
  | { readonly json: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> };

/** Sends the response with a request id of its own. */
export function sendAwsResponse(response: ServerResponse, result: AwsResponse): void {
  const { status = 200 } = result;
  const requestId = { 'x-amzn-requestid': randomUUID() };
  if ('json' in result) {
    sendJson(response, status, result.json, { ...requestId, ...result.headers });
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/xml', ...requestId });
  response.end(result.xml);
}

/** The result of an operation of the query protocol. */
export function queryResult(operation: string, content: string): AwsResponse {
  return {
    xml: `<${operation}Response><${operation}Result>${content}</${operation}Result></${operation}Response>`,
  };
}

/** An error of the query protocol. */
export function queryError(code: string, message: string, status = 400): AwsResponse {
  const error = `<Type>Sender</Type>${element('Code', code)}${element('Message', message)}`;
  return { xml: `<ErrorResponse><Error>${error}</Error></ErrorResponse>`, status };
}

/** An error of the JSON protocols. */
export function jsonError(type: string, message: string, status = 400): AwsResponse {
  return {
    json: { __type: type, message, Message: message },
    status,
    headers: { 'x-amzn-errortype': type },
  };
}

/** An XML element with text. */
export function element(name: string, text: string): string {
  return `<${name}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>`;
}
