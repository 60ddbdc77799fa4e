import type { RequestError } from './contract.ts';

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
