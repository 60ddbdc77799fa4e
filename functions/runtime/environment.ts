import * as z from 'zod/mini';
import {
  API_URL_REQUIREMENT,
  isApiUrl,
  isEmulatorUrl,
  isLocalHost,
  type NumberBounds,
  numberFromText,
} from './configuration-bounds.ts';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment is not valid; the message names every variable that is missing or wrong, and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Parses the environment by a schema whose messages continue the name of a variable. Throws {@link ConfigError}. */
export function parseEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new ConfigError(problems.join('. '));
}

/** Reads two parts of the environment, so that one error names the problems of both. Throws {@link ConfigError}. */
export function readBoth<First, Second>(first: () => First, second: () => Second): [First, Second] {
  const problems: string[] = [];
  const attempt = <Part>(read: () => Part): { part: Part } | undefined => {
    try {
      return { part: read() };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const [one, other] = [attempt(first), attempt(second)];
  if (one === undefined || other === undefined) throw new ConfigError(problems.join('. '));
  return [one.part, other.part];
}

/** A variable that may be absent; CloudFormation and `sam local` pass an absent one as an empty text. */
export function text(requirement: string, isGood: (value: string) => boolean = () => true) {
  return z.optional(
    z.string().check(z.refine((value) => value === '' || isGood(value), `must be ${requirement}`)),
  );
}

/** A variable that must be there; `fix` says what to set it to. */
export function requiredText(fix: string) {
  return z.string(`is not set; ${fix}`).check(z.trim(), z.minLength(1, `is empty; ${fix}`));
}

/** A number within bounds, or absent. */
export function number(bounds: NumberBounds) {
  return text(bounds.requirement, (value) => {
    const parsed = numberFromText(value);
    return parsed !== undefined && bounds.accepts(parsed);
  });
}

/** The number that an accepted variable has, or the default of its bounds. */
export function numberOf(value: string | undefined, bounds: NumberBounds): number {
  return value ? Number(value) : bounds.byDefault;
}

/** One of a few words, or absent. */
export function oneOf(words: readonly string[]) {
  return text(words.join(', ').replace(/, (?=[^,]*$)/, ' or '), (value) => words.includes(value));
}

/** Names the deployment in metrics where no stack does. */
export const DEFAULT_STAGE = 'local';

const LOCAL_API_URL = `${API_URL_REQUIREMENT} (http only for an emulator on this machine, such as http://localhost:3001)`;
const isApiOrEmulatorUrl = (value: string) => isApiUrl(value) || isEmulatorUrl(value);

/** The base URL of Beyond Identity's API, or absent; http only for an emulator on the function's own machine. */
export function apiUrl() {
  return text(LOCAL_API_URL, isApiOrEmulatorUrl);
}

/** The base URL of one of Beyond Identity's servers; http only for an emulator on the function's own machine. */
export function requiredApiUrl(example: string) {
  return requiredText(`set it to the base URL for your region, such as ${example}`).check(
    z.refine((value) => value === '' || isApiOrEmulatorUrl(value), `must be ${LOCAL_API_URL}`),
  );
}

/** A URL with a path that is sent secrets, or absent; http only for an emulator on the function's own machine. */
export function secretUrl() {
  return text(
    'an https URL without credentials or query (http only for an emulator on this machine)',
    (value) => {
      if (!URL.canParse(value)) return false;
      const { protocol, hostname, username, password, search, hash } = new URL(value);
      return (
        (protocol === 'https:' || (protocol === 'http:' && isLocalHost(hostname))) &&
        username + password + search + hash === ''
      );
    },
  );
}
