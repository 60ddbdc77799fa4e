import * as z from 'zod/mini';

/** Where `npm start` listens. */
export interface LocalSettings {
  /** Of the endpoint; the tenant, Secrets Manager, DynamoDB and SQS take the four ports that follow. */
  readonly port: number;
  /** A loopback or any address. */
  readonly host: string;
}

/** Those under which a browser finds the pages, whose links all lead to localhost. */
const HOSTS = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'];
const HOST_MESSAGE = `HOST must be one of ${HOSTS.join(', ')}: the pages are at localhost. For other machines, and for containers: HOST=0.0.0.0 npm start`;

const LAST_PORT = 65_531;
const PORT_MESSAGE = `PORT must be a whole number from 1 to ${LAST_PORT}; the four ports that follow are used too. For example: PORT=4000 npm start`;

const portText = z.pipe(
  z.pipe(
    z.string().check(z.regex(/^[0-9]+$/, PORT_MESSAGE)),
    z.transform((text) => Number(text)),
  ),
  z.number().check(z.minimum(1, PORT_MESSAGE), z.maximum(LAST_PORT, PORT_MESSAGE)),
);
const environmentSchema = z.object({
  PORT: z._default(portText, 3000),
  HOST: z._default(z.enum(HOSTS, HOST_MESSAGE), '127.0.0.1'),
});

/** The settings, or what is wrong with them. An empty variable counts as absent. */
export function readLocalSettings(
  environment: Readonly<Record<string, string | undefined>>,
): LocalSettings | { readonly problem: string } {
  const parsed = environmentSchema.safeParse({
    PORT: environment['PORT'] || undefined,
    HOST: environment['HOST'] || undefined,
  });
  return parsed.success
    ? { port: parsed.data.PORT, host: parsed.data.HOST }
    : { problem: parsed.error.issues[0]?.message ?? 'The settings are not valid.' };
}
