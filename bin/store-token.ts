import { parseArgs } from 'node:util';
import { DEFAULT_STAGE, stackNameOf } from '../lib/config/stages.ts';
import { useSimulation } from './simulation-endpoints.ts';
import { OperatorError, outputsOfStack, runCommand } from './stack-outputs.ts';
import { API_TOKEN, CAPTCHA, CLIENT_CREDENTIALS, type Credential } from './store-token-credentials.ts';
import { readCredential } from './store-token-input.ts';
import { putIntoSecret, SECRET_PERMISSIONS } from './store-token-secret.ts';
import { clientCredentialsProblemOf, expiryWarningOf, tokenProblemOf } from './token-check.ts';
import { tokenExpectationOf } from './token-expectation.ts';

const USAGE = `Stores the credential of the Beyond Identity tenant in Secrets Manager.

  npm run store-token                                 asks for the API token, without showing it
  pass show beyond-identity | npm run store-token     reads it from standard input
  npm run store-token -- --client-credentials         asks for a client id and secret instead (v1 platform)
  npm run store-token -- --captcha                    stores the CAPTCHA provider's secret key instead

  --stage NAME           the stage whose secret it is (production)
  --secret NAME          the secret itself, by name or ARN
  --client-credentials   the client id and the client secret; on standard input, two lines
  --captcha              the secret key of Turnstile, hCaptcha or reCAPTCHA, which has a secret of its own
  --force                stores a token that does not fit config/<stage>.json or has expired, and overwrites a
                         secret that looks like JSON but cannot be parsed
  --local                stores it in the simulation of npm start; PORT is its first port (3000)

Account and region are those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...`;

const PERMISSIONS = `cloudformation:DescribeStacks, ${SECRET_PERMISSIONS}`;

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  if (options.local) useSimulation();
  const credential = credentialOf(options);
  const values = await readCredential(credential);
  check(values, options);
  const secretId = options.secret ?? (await secretOfStack(stackNameOf(options.stage), credential));
  const destination = { secretId, overwritesMalformed: options.force, permissions: PERMISSIONS };
  await putIntoSecret(values, credential, destination);
  console.log(
    `Stored in the secret ${secretId}. The functions pick it up within five minutes; no redeployment needed.`,
  );
}

interface Options {
  help: boolean;
  stage: string;
  secret?: string | undefined;
  'client-credentials': boolean;
  captcha: boolean;
  force: boolean;
  local: boolean;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        stage: { type: 'string', default: DEFAULT_STAGE },
        secret: { type: 'string' },
        'client-credentials': { type: 'boolean', default: false },
        captcha: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        local: { type: 'boolean', default: false },
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

function credentialOf({ captcha, 'client-credentials': isClient }: Options): Credential {
  if (captcha && isClient) {
    throw new OperatorError('--captcha and --client-credentials are two commands: run one after the other.');
  }
  if (captcha) return CAPTCHA;
  return isClient ? CLIENT_CREDENTIALS : API_TOKEN;
}

/** Compares the credential with the configuration of the stage. Throws {@link OperatorError} unless forced. */
function check(values: Readonly<Record<string, string>>, { captcha, stage, force, local }: Options): void {
  if (captcha) return;
  const token = values['API_TOKEN'];
  // the simulated tenant is not that of a stage
  const expectation = local ? undefined : tokenExpectationOf(stage);
  const problem =
    token === undefined ? clientCredentialsProblemOf(expectation) : tokenProblemOf(token, expectation);
  if (problem !== undefined && !force) {
    throw new OperatorError(
      `Nothing was stored. ${problem}\nThe settings are those of config/${stage}.json: --stage names another stage, --force stores it nevertheless.`,
    );
  }
  const warning = problem ?? (token === undefined ? undefined : expiryWarningOf(token));
  if (warning !== undefined) console.error(`Warning: ${warning}`);
}

async function secretOfStack(stack: string, { output, fix }: Credential): Promise<string> {
  const outputs = await outputsOfStack(stack, 'name the secret with --secret', PERMISSIONS);
  const secretArn = outputs.get(output);
  if (secretArn === undefined) {
    throw new OperatorError(
      `The stack ${stack} has no output ${output}. ${fix}, or name the secret with --secret.`,
    );
  }
  return secretArn;
}

await runCommand(main);
