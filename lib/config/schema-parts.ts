import { Token } from 'aws-cdk-lib';
import * as z from 'zod';

/** A schema's parameters: its message quotes the value, or says that there is none. */
export function mustBe(requirement: string) {
  return {
    error: ({ input }: { input?: unknown }) =>
      `${input === undefined ? 'is not set' : `is ${JSON.stringify(input)}`}; it must be ${requirement}`,
  };
}

/**
 * A text of a certain form. In an app of the CDK it may be one that is known at deployment only, such as the name of a
 * resource: nothing can be said about its form.
 */
export function text(pattern: RegExp, requirement: string) {
  return textThat((value) => pattern.test(value), requirement).meta({ pattern: pattern.source });
}

/** A text that meets a condition, or is known at deployment only. */
export function textThat(isMet: (value: string) => boolean, requirement: string) {
  const params = mustBe(requirement);
  return z.string(params).refine((value) => Token.isUnresolved(value) || isMet(value), params);
}

/** A setting that may be absent; a file that holds every setting says so with `null`. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined);
}

/** The error of an object that has an unknown key, or is none. */
export function objectOf(keys: readonly string[], requirement: string) {
  return {
    error: (issue: { code?: string; keys?: string[]; input?: unknown }) =>
      issue.code === 'unrecognized_keys'
        ? `has unknown key ${issue.keys?.join(', ')}; allowed keys: ${keys.join(', ')}`
        : mustBe(requirement).error(issue),
  };
}
