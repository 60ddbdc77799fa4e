import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { type Checked, invalidParameters } from './messages.ts';

/** The query parameters of every operation that returns a list. */
export const PAGING_PARAMETERS: readonly string[] = ['page_size', 'page_token', 'skip'];

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly totalSize: number;
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

const DEFAULT_PAGE_SIZE = 20;
const MAXIMUM_PAGE_SIZE = 200;

const tokenContent = z.strictObject({ list: z.string(), start: z.int(), size: z.int() });

/**
 * Cuts the page that the query asks for. A page token belongs to one `list`, such as a path with its filter; it keeps the page
 * size, which the query may override, but not `skip`.
 */
export function cutPage<Item>(
  items: readonly Item[],
  list: string,
  query: ReadonlyMap<string, string>,
): Checked<Page<Item>> {
  const resumed = readToken(query.get('page_token'), list);
  if (resumed === undefined) return reject('page_token', 'invalid page token');
  // the vendor documents 0 too, without a meaning
  const size = readNumber(query.get('page_size') ?? String(resumed.size), 1, MAXIMUM_PAGE_SIZE);
  if (size === undefined) return reject('page_size', `must be from 1 to ${MAXIMUM_PAGE_SIZE}`);
  const skip = readNumber(query.get('skip') ?? '0', 0, 2 ** 32 - 1);
  if (skip === undefined) return reject('skip', 'must be an unsigned integer');

  const start = resumed.start + skip;
  const end = start + size;
  const nextPageToken = end < items.length ? { nextPageToken: createToken({ list, start: end, size }) } : {};
  return { value: { items: items.slice(start, end), totalSize: items.length, ...nextPageToken } };
}

function createToken(content: z.infer<typeof tokenContent>): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function readToken(token: string | undefined, list: string): { start: number; size: number } | undefined {
  if (token === undefined) return { start: 0, size: DEFAULT_PAGE_SIZE };
  const content = parseJson(tokenContent, Buffer.from(token, 'base64url').toString('utf8'));
  return 'value' in content && content.value.list === list ? content.value : undefined;
}

function readNumber(text: string, minimum: number, maximum: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value >= minimum && value <= maximum ? value : undefined;
}

function reject(field: string, description: string): Checked<never> {
  return { rejected: invalidParameters([{ field, description }]) };
}
