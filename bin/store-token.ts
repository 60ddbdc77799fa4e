import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { explain, OperatorError, outputsOfStack, runCommand } from './stack-outputs.ts';

const USAGE = `Stores the API token of the Beyond Identity tenant in Secrets Manager.

  npm run store-token                                 asks for the token, without showing it
  pass show beyond-identity | npm run store-token     reads it from standard input
  npm run store-token -- --captcha                stores the CAPTCHA's secret key instead

  --stack NAME    the stack whose secret it is (RecoveryStack)
  --secret NAME   the secret itself, by name or ARN
  --captcha   the secret key of Turnstile, hCaptcha or reCAPTCHA, kept beside the API token

Account and region are those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...`;

const STACK = 'RecoveryStack';
const OUTPUT = 'ApiTokenSecretName';

/** token68, what a bearer token is made of (RFC 6750), and every provider's secret key too. */
const TOKEN = /^[\w.~+/-]+=*$/;

/** What is stored: its key in the secret, and its name in a sentence. */
interface Stored {
  key: string;
  name: string;
  shortName: string;
}
const API_TOKEN: Stored = { key: 'API_TOKEN', name: 'API token', shortName: 'token' };
const CAPTCHA: Stored = {
  key: 'CAPTCHA_SECRET',
  name: 'secret key of a CAPTCHA',
  shortName: 'secret key',
};

const PERMISSIONS =
  'cloudformation:DescribeStacks, secretsmanager:GetSecretValue and secretsmanager:PutSecretValue';

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const stored = options['captcha'] ? CAPTCHA : API_TOKEN;
  const value = check(stdin.isTTY ? await ask(stored) : await text(stdin), stored);
  const secretId = options.secret ?? (await secretOfStack(options.stack));
  await store(secretId, value, stored);
  console.log(
    `Stored in the secret ${secretId}. The functions pick it up within five minutes; no redeployment needed.`,
  );
}

interface Options {
  help: boolean;
  stack: string;
  secret?: string | undefined;
  captcha: boolean;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        stack: { type: 'string', default: STACK },
        secret: { type: 'string' },
        captcha: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch {
    // the parser quotes what it was given, and that may be the token
    throw new OperatorError(
      `An argument was not understood. A token or secret key is never one: it would stay in the shell's history and show in the list of processes.\n\n${USAGE}`,
    );
  }
}

/** Asks at the terminal; what is typed or pasted is not shown. */
async function ask({ name }: Stored): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: stdin, output: silent, terminal: true });
  const interrupted = new AbortController();
  prompt.on('SIGINT', () => interrupted.abort());
  stdout.write(`${name.replace(/^./, (letter) => letter.toUpperCase())} (not shown): `);
  try {
    return await prompt.question('', { signal: interrupted.signal });
  } catch {
    throw new OperatorError('Interrupted; nothing was stored.');
  } finally {
    prompt.close();
    stdout.write('\n');
  }
}

function check(input: string, { name, shortName }: Stored): string {
  const value = input.replace(/\r?\n$/, '');
  if (value === '') throw new OperatorError(`There is no ${shortName}: standard input was empty.`);
  if (/[\r\n]/.test(value)) throw new OperatorError(`A ${shortName} is one line, and there are several.`);
  if (!TOKEN.test(value)) {
    throw new OperatorError(
      `This is no ${name}: it has characters that none has (a space or a quote, perhaps).`,
    );
  }
  return value;
}

async function secretOfStack(stack: string): Promise<string> {
  const outputs = await outputsOfStack(stack, 'name the secret with --secret', PERMISSIONS);
  const name = outputs.get(OUTPUT);
  if (name === undefined) {
    throw new OperatorError(`The stack ${stack} has no output ${OUTPUT}. Name the secret with --secret.`);
  }
  return name;
}

async function store(secretId: string, value: string, { key }: Stored): Promise<void> {
  const client = new SecretsManagerClient();
  try {
    const { SecretString, SecretBinary } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId }),
    );
    if (SecretBinary)
      throw new OperatorError(`The secret ${secretId} holds binary data; is it the right one?`);
    const current = SecretString ?? '';
    const renewed =
      key === API_TOKEN.key ? withToken(current, value) : besideToken(secretId, current, key, value);
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: renewed }));
  } catch (error) {
    if (error instanceof OperatorError || !(error instanceof Error)) throw error;
    throw new OperatorError(
      error.name === 'ResourceNotFoundException'
        ? `There is no secret ${secretId} with a value in this account and region.`
        : explain(`The secret ${secretId} could not be changed`, error, PERMISSIONS),
    );
  }
}

/** Keeps the other keys of a JSON object; anything else was a bare token, and becomes one. */
function withToken(current: string, token: string): string {
  const object = jsonObjectIn(current);
  return object ? JSON.stringify({ ...object, [API_TOKEN.key]: token }) : token;
}

/** Keeps the other keys of a JSON object; anything else is a bare token, and stays under its key. */
function besideToken(secretId: string, current: string, key: string, value: string): string {
  const bareToken = current.trim();
  const object = jsonObjectIn(bareToken);
  if (!object && (bareToken.startsWith('{') || isJson(bareToken))) {
    throw new OperatorError(
      `The secret ${secretId} holds neither a bare API token nor a JSON object. Store the API token again first: npm run store-token`,
    );
  }
  return JSON.stringify({ ...(object ?? { [API_TOKEN.key]: bareToken }), [key]: value });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function jsonObjectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

await runCommand(main);
