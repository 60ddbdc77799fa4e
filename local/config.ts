import * as z from 'zod/mini';
import { readDeliveryConfig } from '../functions/deliver-outbox/config.ts';
import { type Config, readConfig } from '../functions/recover-user/config.ts';
import { ConfigError, type Environment } from '../functions/runtime/environment.ts';
import { LOG_FORMATS, type LogFormat } from './readable-log.ts';
import { UNSAFE_PORTS } from './unsafe-ports.ts';

/** Variables that `npm start` passes on to the functions. */
const PASSED_ON = [
  'RESPONSE_TIME_MS',
  'MAILBOX_COOLDOWN_SECONDS',
  'MAILBOX_ATTEMPTS_PER_DAY',
  'DELIVERY',
  'OUTBOX_MAXIMUM_AGE_SECONDS',
  'ALLOWED_ORIGINS',
  'INCLUDE_REFERENCE',
] as const;

/** The functions' variables that a developer may set. */
export type FunctionEnvironment = Readonly<Partial<Record<(typeof PASSED_ON)[number], string>>>;

/** The configuration of `npm start`. */
export interface LocalConfig {
  /** Port of the endpoint; the tenant, Secrets Manager, DynamoDB, SQS and the operator's API take the five ports that follow. */
  readonly port: number;
  /** A loopback address, or an unspecified one such as `0.0.0.0`. */
  readonly host: string;
  readonly logFormat: LogFormat;
  /** The functions' variables, unparsed. */
  readonly environment: FunctionEnvironment;
  /** The endpoint's configuration, parsed from these variables; placeholders stand for what the simulation sets itself. */
  readonly endpoint: Config;
}

/** Values for variables that the simulation sets itself. */
const PLACEHOLDERS = {
  API_TOKEN_SECRET_ID: 'placeholder',
  PSEUDONYM_KEY_SECRET_ID: 'placeholder',
  ATTEMPTS_TABLE_NAME: 'placeholder',
  OUTBOX_QUEUE_URL: 'http://localhost/placeholder',
};

const NO_CAPTCHA = 'the simulation has no CAPTCHA';
const OWN_SECRETS = 'the simulation has secrets of its own';
const OWN_TENANT = 'the simulation has a tenant of its own';
const EMAIL_DIRECTORY = 'the simulation has the email directory only';

/** The functions' variables that `npm start` does not pass on, and why. */
const NOT_PASSED_ON: Readonly<Record<string, string>> = {
  API_TOKEN_SECRET_ID: OWN_SECRETS,
  PSEUDONYM_KEY_SECRET_ID: OWN_SECRETS,
  CAPTCHA_SECRET_ID: NO_CAPTCHA,
  STAGE: 'the simulation is no deployment',
  BEYOND_IDENTITY_PLATFORM: 'the platform is an option, npm start -- --platform v1',
  BEYOND_IDENTITY_API_URL: OWN_TENANT,
  BEYOND_IDENTITY_AUTH_URL: OWN_TENANT,
  BEYOND_IDENTITY_TENANT_ID: OWN_TENANT,
  BEYOND_IDENTITY_REALM_ID: OWN_TENANT,
  BEYOND_IDENTITY_AUTHENTICATOR_CONFIG_ID: OWN_TENANT,
  BEYOND_IDENTITY_APPLICATION_ID: OWN_TENANT,
  BEYOND_IDENTITY_APPLICATION_REALM_ID: OWN_TENANT,
  BEYOND_IDENTITY_JOB_SCOPE: 'the simulated application has the scope credential-binding-jobs:create',
  POST_BINDING_REDIRECT_URI: 'the simulation has an app of its own',
  DIRECTORY: EMAIL_DIRECTORY,
  DIRECTORY_REFERENCE: EMAIL_DIRECTORY,
  DIRECTORY_TABLE_NAME: EMAIL_DIRECTORY,
  DIRECTORY_INDEX_NAME: EMAIL_DIRECTORY,
  DIRECTORY_ADDRESS_ATTRIBUTE: EMAIL_DIRECTORY,
  DIRECTORY_REFERENCE_ATTRIBUTE: EMAIL_DIRECTORY,
  DIRECTORY_FUNCTION_ARN: EMAIL_DIRECTORY,
  ATTEMPTS_TABLE_NAME: 'the simulation has a table of its own',
  OUTBOX_QUEUE_URL: 'the simulation has a queue of its own',
  EVENT_BUS_NAME: 'the simulation has no EventBridge, and prints events',
  CAPTCHA_PROVIDER: NO_CAPTCHA,
  CAPTCHA_FAILURE_MODE: NO_CAPTCHA,
  CAPTCHA_MINIMUM_SCORE: NO_CAPTCHA,
  CAPTCHA_VERIFY_URL: NO_CAPTCHA,
};

/** Hosts that make the pages reachable at localhost, where all their links lead. */
const HOSTS = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'];
const HOST_MESSAGE = `HOST must be one of ${HOSTS.join(', ')}: the pages are at localhost. For other machines, and for containers: HOST=0.0.0.0 npm start`;

const FURTHER_PORTS = 5;
const LAST_PORT = 65_535 - FURTHER_PORTS;
const PORT_MESSAGE = `PORT must be a whole number from 1 to ${LAST_PORT}; the five ports that follow are used too. For example: PORT=4000 npm start`;
const UNSAFE_PORT_MESSAGE =
  'PORT and the five ports that follow must not include one that browsers block. For example: PORT=4000 npm start';

const portText = z.pipe(
  z.pipe(
    z.string().check(z.regex(/^[0-9]{1,5}$/, PORT_MESSAGE)),
    z.transform((text) => Number(text)),
  ),
  z.number().check(
    z.minimum(1, PORT_MESSAGE),
    z.maximum(LAST_PORT, PORT_MESSAGE),
    z.refine(
      (port) => ![...UNSAFE_PORTS].some((unsafe) => port <= unsafe && unsafe <= port + FURTHER_PORTS),
      UNSAFE_PORT_MESSAGE,
    ),
  ),
);
const environmentSchema = z.object({
  PORT: z._default(portText, 3000),
  HOST: z._default(z.enum(HOSTS, HOST_MESSAGE), '127.0.0.1'),
  LOG_FORMAT: z._default(
    z.enum(
      LOG_FORMATS,
      `LOG_FORMAT must be ${LOG_FORMATS.join(' or ')}. For example: LOG_FORMAT=json npm start`,
    ),
    'text',
  ),
});

/**
 * Reads the configuration, or returns a line for each problem, with the name of the variable and the fix. An empty variable
 * counts as absent.
 */
export function readLocalConfig(
  variables: Environment,
): LocalConfig | { readonly problems: readonly string[] } {
  const own = environmentSchema.safeParse({
    PORT: variables['PORT'] || undefined,
    HOST: variables['HOST'] || undefined,
    LOG_FORMAT: variables['LOG_FORMAT'] || undefined,
  });
  const environment: FunctionEnvironment = Object.fromEntries(
    PASSED_ON.flatMap((name) => (variables[name] ? [[name, variables[name]]] : [])),
  );
  const endpoint = readFunctionConfig(environment);
  const problems = [
    ...firstProblemOfEach(own.error?.issues ?? []),
    ...Object.entries(NOT_PASSED_ON)
      .filter(([name]) => variables[name])
      .map(([name, reason]) => `${name} has no effect here: ${reason}. Unset it: env -u ${name} npm start`),
    ...('problems' in endpoint ? endpoint.problems : []),
  ];
  if (!own.success || 'problems' in endpoint || problems.length > 0) return { problems };
  const { PORT, HOST, LOG_FORMAT } = own.data;
  return { port: PORT, host: HOST, logFormat: LOG_FORMAT, environment, endpoint };
}

function firstProblemOfEach(issues: readonly z.core.$ZodIssue[]): string[] {
  const byName = Map.groupBy(issues, ({ path }) => path[0]);
  return [...byName.values()].flatMap(([first]) => (first ? [first.message] : []));
}

/** The functions' configuration, or its problems: one variable at a time, so that each has a line. */
function readFunctionConfig(environment: FunctionEnvironment): Config | { problems: string[] } {
  const problems = Object.entries(environment)
    .map(([name, value]) => problemWith(() => readBoth({ [name]: value })))
    .filter((problem) => problem !== undefined);
  // rules about several variables
  const further = problems.length > 0 ? undefined : problemWith(() => readBoth(environment));
  if (further !== undefined) problems.push(further);
  return problems.length > 0 ? { problems } : readBoth(environment);
}

function readBoth(environment: Environment): Config {
  readDeliveryConfig({ ...PLACEHOLDERS, ...environment });
  return readConfig({ ...PLACEHOLDERS, ...environment });
}

function problemWith(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
