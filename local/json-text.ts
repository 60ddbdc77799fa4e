// The handler runs in the same process on `zod/mini`. Importing `zod` here would change the messages of both, and the
// handler's messages would differ from the deployed one's.
import * as z from 'zod/mini';

const english = z.locales.en().localeError;

/** The parsed value, or the reason why the text does not match the schema, in one readable line. */
export type ParsedJson<Value> = { readonly value: Value } | { readonly problem: string };

/** Whether a `Content-Type` header is JSON, with any parameters. */
export function isJsonContentType(header: unknown): boolean {
  return /^application\/json *(;|$)/i.test(String(header));
}

/** Parses JSON text by a schema; never throws. */
export function parseJson<Schema extends z.ZodMiniType>(
  schema: Schema,
  text: string,
): ParsedJson<z.output<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'The body is not JSON.' };
  }
  const parsed = schema.safeParse(json, { error: english });
  if (parsed.success) return { value: parsed.data };
  return { problem: parsed.error.issues.map(describeIssue).join('. ') };
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
