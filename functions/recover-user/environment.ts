import * as z from 'zod/mini';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment does not fit; the message names every setting that is missing or wrong, and the mend. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Parses the environment by a schema whose messages continue the name of a setting. Throws {@link SettingsError}. */
export function parseEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new SettingsError(problems.join('. '));
}

/** A setting that may be absent; CloudFormation and `sam local` hand an absent one over as an empty text. */
export function text(requirement: string, isGood: (value: string) => boolean = () => true) {
  return z.optional(
    z.string().check(z.refine((value) => value === '' || isGood(value), `must be ${requirement}`)),
  );
}

/** A setting that must be there; `mend` says what to set it to. */
export function requiredText(mend: string) {
  return z.string(`is not set; ${mend}`).check(z.trim(), z.minLength(1, `is empty; ${mend}`));
}

/** A whole number within bounds, or absent. */
export function wholeNumber(minimum: number, maximum: number) {
  return text(`a whole number from ${minimum} to ${maximum}`, (value) => {
    return /^\d{1,9}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
  });
}

/** Where the API of tenants in the US is, the vendor's default. */
export const DEFAULT_API_URL = 'https://api.byndid.com';

/** Hosts of one's own machine, the only ones that a secret may be sent to without TLS. */
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|host\.docker\.internal)$/;

/** The base URL of an API that is sent secrets, or absent. */
export function apiUrl() {
  return text('an https URL without credentials or query, such as https://api-eu.byndid.com', (value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname, username, password, search, hash } = new URL(value);
    return (
      (protocol === 'https:' || (protocol === 'http:' && LOCAL_HOST.test(hostname))) &&
      username + password + search + hash === ''
    );
  });
}
