import { validateHeaderName, validateHeaderValue } from 'node:http';
import { expect } from '@jest/globals';
import * as z from 'zod';
import { functionEvent } from '../../functions/adapters/aws/recovery-event.ts';
import {
  ACCEPTED_BODY,
  problemDocument,
  RESPONSE_HEADERS,
} from '../../functions/recover-user/http/contract.ts';
import type { Reply } from '../bundles/instance.ts';
import { CANARY } from './hostile-values.ts';

/** The one origin that may read responses. */
export const ALLOWED_ORIGIN = 'https://app.example.com';

/** What API Gateway takes from a function; anything else is a 502. */
const proxyResult = z.strictObject({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
type ProxyResult = z.infer<typeof proxyResult>;

/** The documented problem document, and nothing beside it. */
const strictProblem = z.strictObject(problemDocument.shape);

/** What no caller brings about while everything behind the endpoint works: a 5xx least of all. */
const STATUSES = [202, 204, 400, 405, 413, 415, 422];

/** The canary, also in base64: in each of the three places that it may have in it. */
const ECHO = new RegExp(`${CANARY}|Y2FuYXJ5|NhbmFye|jYW5hcn`, 'i');

/** Expects a documented response that echoes nothing, and a log of whole lines; resolves with the status. */
export function judgeReply({ result, thrown, printed }: Reply): number {
  expect(thrown).toBeUndefined();
  const response = proxyResult.parse(result);
  expect(STATUSES).toContain(response.statusCode);
  judgeHeaders(response);
  judgeBody(response);
  for (const line of printed.trimEnd().split('\n')) {
    if (line !== '') z.record(z.string(), z.unknown()).parse(JSON.parse(line));
  }
  expect(printed).not.toContain('unexpected error');
  expect(JSON.stringify(result)).not.toMatch(ECHO);
  expect(printed).not.toMatch(ECHO);
  return response.statusCode;
}

function judgeHeaders({ headers }: ProxyResult): void {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  expect(headers).toMatchObject(RESPONSE_HEADERS);
  expect(headers['X-Request-Id']).toMatch(/^[0-9a-f-]{36}$/);
  expect([ALLOWED_ORIGIN, undefined]).toContain(headers['Access-Control-Allow-Origin']);
}

function judgeBody({ statusCode, headers, body }: ProxyResult): void {
  if (statusCode < 300) {
    expect(body).toBe(statusCode === 202 ? ACCEPTED_BODY : '');
    return;
  }
  expect(strictProblem.parse(JSON.parse(body))).toMatchObject({
    status: statusCode,
    instance: `urn:uuid:${headers['X-Request-Id']}`,
  });
}

/** Expects documented events that echo nothing. */
export function judgeEvents(published: readonly { event: unknown }[]): void {
  for (const { event } of published) functionEvent.parse(event);
  expect(JSON.stringify(published)).not.toMatch(ECHO);
}
