import * as z from 'zod/mini';
import { MalformedSecret } from './cached-secret.ts';

/** JSON, or what begins like an object: a bare value is neither. */
export function isJson(value: string): boolean {
  if (value.startsWith('{')) return true;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** The value under a key of a secret that is JSON, or the whole secret where it is bare. Throws {@link MalformedSecret}. */
export function valueUnder(key: string, secret: string, emptyFix: string): string {
  const value =
    (isJson(secret) ? parseSecret(z.record(z.string(), z.unknown()), secret, key)[key] : secret) ?? '';
  if (typeof value !== 'string') throw withoutText(key);
  if (value.trim() === '') throw new MalformedSecret(`it is empty; ${emptyFix}`);
  return value.trim();
}

/** What a secret that is JSON holds; `key` is the one that must be in it. Throws {@link MalformedSecret}. */
export function parseSecret<Schema extends z.ZodMiniType>(
  schema: Schema,
  json: string,
  key: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // JSON.parse quotes its input, here the secret, in its message
    throw new MalformedSecret(
      `it looks like JSON but cannot be parsed; store the bare value or {"${key}": "..."}`,
    );
  }
  const { data } = schema.safeParse(value);
  if (data === undefined) throw withoutText(key);
  return data;
}

function withoutText(key: string): MalformedSecret {
  return new MalformedSecret(
    `the JSON value has no string property ${key}; store the bare value or {"${key}": "..."}`,
  );
}
