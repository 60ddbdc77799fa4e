import { expect } from '@jest/globals';
import { problemDocument } from '../../../functions/recover-user/http/contract.ts';
import { ALLOWED_ORIGIN } from '../recovery-service.ts';

/** What a caller sees of a response, without its id and date: they differ in every response. */
export async function visible(response: Response) {
  const headers = Object.fromEntries(response.headers);
  for (const unique of ['x-request-id', 'date']) delete headers[unique];
  return { status: response.status, headers, body: (await response.text()).replace(/urn:uuid:[\w-]+/, '') };
}

/** Expects a problem document with this status, and returns it. */
export async function expectProblem(response: Response, status: number) {
  const body = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = problemDocument.parse(JSON.parse(body));
  expect(problem.status).toBe(status);
  expect(problem.instance).toBe(`urn:uuid:${response.headers.get('x-request-id')}`);
  expectCommonHeaders(response);
  return { problem, body };
}

/** Expects the headers that every response has for a page of an allowed origin. */
export function expectCommonHeaders(response: Response) {
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
  expect(response.headers.get('vary')).toContain('Origin');
}

/** Expects the problem document that asks for a retry in 30 seconds. */
export async function expectUnavailable(response: Response) {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('30');
  expect(problemDocument.parse(await response.json()).status).toBe(503);
}
