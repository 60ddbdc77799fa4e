import { type Checked, invalidParameters } from './messages.ts';

/** What RFC 3986 allows in a query, except `+`: the vendor refuses a literal one. */
const QUERY_TEXT = /^[A-Za-z0-9\-._~!$&'()*,;=:@/?%]*$/;

/**
 * The parameters of a query, percent-decoded. Rejects unknown and repeated parameters, and every character that must be
 * percent-encoded.
 */
export function readQuery(query: string, known: readonly string[]): Checked<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (!known.includes(name)) return reject(name, 'unknown parameter');
    if (values.has(name)) return reject(name, 'repeated parameter');
    if (value === undefined) return reject(name, 'invalid percent-encoding');
    values.set(name, value);
  }
  return { value: values };
}

function reject(field: string, description: string): Checked<never> {
  return { rejected: invalidParameters([{ field, description }]) };
}

function decode(text: string): string | undefined {
  if (!QUERY_TEXT.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
