import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

const USAGE = `Stores the API token of the Beyond Identity tenant in Secrets Manager.

  npm run store-token                                 asks for the token, without showing it
  pass show beyond-identity | npm run store-token     reads it from standard input

  --stack NAME    the stack whose secret it is (RecoveryStack)
  --secret NAME   the secret itself, by name or ARN

Account and region are those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...`;

const STACK = 'RecoveryStack';
const OUTPUT = 'ApiTokenSecretName';

/** token68, what a bearer token is made of (RFC 6750). */
const TOKEN = /^[\w.~+/-]+=*$/;

/** Something that the user can mend; the message says how, and holds nothing of the token. */
class StoreTokenError extends Error {
  override readonly name = 'StoreTokenError';
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const token = checkToken(stdin.isTTY ? await askForToken() : await text(stdin));
  const secretId = options.secret ?? (await secretOfStack(options.stack));
  await store(secretId, token);
  console.log(
    `Stored in the secret ${secretId}. The function takes it up within five minutes, without a deployment.`,
  );
}

function readOptions(): { help: boolean; stack: string; secret?: string | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        stack: { type: 'string', default: STACK },
        secret: { type: 'string' },
      },
    });
    return values;
  } catch {
    // the parser quotes what it was given, and that may be the token
    throw new StoreTokenError(
      `An argument was not understood. The token is never one: it would stay in the shell's history and show in the list of processes.\n\n${USAGE}`,
    );
  }
}

/** Asks at the terminal; what is typed or pasted is not shown. */
async function askForToken(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: stdin, output: silent, terminal: true });
  const interrupted = new AbortController();
  prompt.on('SIGINT', () => interrupted.abort());
  stdout.write('API token (not shown): ');
  try {
    return await prompt.question('', { signal: interrupted.signal });
  } catch {
    throw new StoreTokenError('Interrupted; nothing was stored.');
  } finally {
    prompt.close();
    stdout.write('\n');
  }
}

function checkToken(input: string): string {
  const token = input.replace(/\r?\n$/, '');
  if (token === '') throw new StoreTokenError('There is no token: standard input was empty.');
  if (/[\r\n]/.test(token)) throw new StoreTokenError('A token is one line, and there are several.');
  if (!TOKEN.test(token)) {
    throw new StoreTokenError(
      'This is no API token: it has characters that no bearer token has (a space or a quote, perhaps).',
    );
  }
  return token;
}

async function secretOfStack(stack: string): Promise<string> {
  const client = new CloudFormationClient();
  const { Stacks } = await client
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((error: Error) => {
      throw new StoreTokenError(
        error.name === 'ValidationError'
          ? `There is no stack ${stack} in this account and region. Deploy it first (npm run deploy), or name the secret with --secret.`
          : reasonOf(`The stack ${stack} could not be looked up`, error),
      );
    });
  const name = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === OUTPUT)?.OutputValue;
  if (!name)
    throw new StoreTokenError(`The stack ${stack} has no output ${OUTPUT}. Name the secret with --secret.`);
  return name;
}

async function store(secretId: string, token: string): Promise<void> {
  const client = new SecretsManagerClient();
  try {
    const { SecretString, SecretBinary } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId }),
    );
    if (SecretBinary)
      throw new StoreTokenError(`The secret ${secretId} holds binary data; is it the right one?`);
    const value = withToken(SecretString ?? '', token);
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: value }));
  } catch (error) {
    if (error instanceof StoreTokenError || !(error instanceof Error)) throw error;
    throw new StoreTokenError(
      error.name === 'ResourceNotFoundException'
        ? `There is no secret ${secretId} with a value in this account and region.`
        : reasonOf(`The secret ${secretId} could not be changed`, error),
    );
  }
}

/** Keeps the other keys of a JSON object; anything else was a bare token, and becomes one. */
function withToken(current: string, token: string): string {
  try {
    const value: unknown = JSON.parse(current);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? JSON.stringify({ ...value, API_TOKEN: token }) : token;
  } catch {
    return token;
  }
}

/** Names are safe to show; messages of the SDK may quote a request. */
function reasonOf(what: string, error: Error): string {
  switch (error.name) {
    case 'CredentialsProviderError':
      return `${what}: there are no AWS credentials. Sign in first, or set AWS_PROFILE.`;
    case 'AccessDeniedException':
    case 'AccessDenied':
      return `${what}: access denied. It takes cloudformation:DescribeStacks, secretsmanager:GetSecretValue and secretsmanager:PutSecretValue.`;
    default:
      if (/\bregion\b/i.test(error.message)) return `${what}: there is no AWS region. Set AWS_REGION.`;
      return `${what}: ${'code' in error && typeof error.code === 'string' ? error.code : error.name}.`;
  }
}

try {
  await main();
} catch (error) {
  console.error(
    error instanceof StoreTokenError
      ? error.message
      : `Failed: ${error instanceof Error ? error.name : 'unknown'}`,
  );
  process.exitCode = 1;
}
