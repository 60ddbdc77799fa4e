import { STATUS_CODES } from 'node:http';
import type { ProblemDocument, RequestError } from './contract.ts';

interface Extras {
  errors?: RequestError[];
  /** Headers of this error response, `Retry-After` or `Allow` for example. */
  headers?: Record<string, string>;
}

/** An error response with a problem document. The caller sees `detail`: it never quotes the input. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: RequestError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(status: number, detail: string, { errors, headers = {} }: Extras = {}) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The problem document (RFC 9457) of an error response; `instance` is the request's id. */
export function problemDocumentOf(problem: Problem, requestId: string): ProblemDocument {
  return {
    type: 'about:blank',
    title: String(STATUS_CODES[problem.status]),
    status: problem.status,
    detail: problem.message,
    instance: `urn:uuid:${requestId}`,
    ...(problem.errors && { errors: problem.errors }),
  };
}
