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
import { DEFAULT_STAGE, stackNameOf } from '../lib/config/stages.ts';
import { explain, OperatorError, outputsOfStack, runCommand } from './stack-outputs.ts';

const USAGE = `Stores the API token of the Beyond Identity tenant in Secrets Manager.

  npm run store-token                                 asks for the token, without showing it
  pass show beyond-identity | npm run store-token     reads it from standard input
  npm run store-token -- --captcha                    stores the CAPTCHA provider's secret key instead

  --stage NAME    the stage whose secret it is (production)
  --secret NAME   the secret itself, by name or ARN
  --captcha       the secret key of Turnstile, hCaptcha or reCAPTCHA, which has a secret of its own

Account and region are those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...`;

/** token68, what a bearer token is made of (RFC 6750), and every provider's secret key too. */
const TOKEN = /^[\w.~+/-]+=*$/;

/** What is stored: its key in the secret, and its name in a sentence. */
interface Stored {
  key: string;
  /** The stack's output with the secret's ARN. */
  output: string;
  /** What to do where the stack has no such output. */
  fix: string;
  name: string;
  shortName: string;
}
const API_TOKEN: Stored = {
  key: 'API_TOKEN',
  output: 'ApiTokenSecretArn',
  fix: 'Deploy it again',
  name: 'API token',
  shortName: 'token',
};
const CAPTCHA: Stored = {
  key: 'CAPTCHA_SECRET',
  output: 'CaptchaSecretArn',
  fix: 'Set captcha in the file of the stage in config/, and deploy it',
  name: 'secret key of a CAPTCHA provider',
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
  const secretId = options.secret ?? (await secretOfStack(stackNameOf(options.stage), stored));
  await store(secretId, value, stored);
  console.log(
    `Stored in the secret ${secretId}. The functions pick it up within five minutes; no redeployment needed.`,
  );
}

interface Options {
  help: boolean;
  stage: string;
  secret?: string | undefined;
  captcha: boolean;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        stage: { type: 'string', default: DEFAULT_STAGE },
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

async function secretOfStack(stack: string, { output, fix }: Stored): Promise<string> {
  const outputs = await outputsOfStack(stack, 'name the secret with --secret', PERMISSIONS);
  const secretArn = outputs.get(output);
  if (secretArn === undefined) {
    throw new OperatorError(
      `The stack ${stack} has no output ${output}. ${fix}, or name the secret with --secret.`,
    );
  }
  return secretArn;
}

async function store(secretId: string, value: string, stored: Stored): Promise<void> {
  const client = new SecretsManagerClient();
  try {
    const { SecretString, SecretBinary } = await client.send(
      new GetSecretValueCommand({ SecretId: secretId }),
    );
    if (SecretBinary)
      throw new OperatorError(`The secret ${secretId} holds binary data; is it the right one?`);
    const renewed = withValue(secretId, SecretString?.trim() ?? '', value, stored);
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

/** Keeps the other keys of a JSON object. A bare API token is replaced by another one, and by nothing else. */
function withValue(secretId: string, current: string, value: string, { key }: Stored): string {
  const object = jsonObjectIn(current);
  if (object) return JSON.stringify({ ...object, [key]: value });
  if (key !== API_TOKEN.key && current !== '') {
    throw new OperatorError(
      `The secret ${secretId} holds a bare value, which may be an API token. Name the secret of the CAPTCHA, or one that holds a JSON object.`,
    );
  }
  return value;
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
