import { smokeTest } from '../functions/adapters/http/smoke-test.ts';
import { startDeadline } from '../functions/runtime/deadline.ts';
import { stackNameOf } from '../lib/config/stages.ts';
import { JSON_OPTION, LOCAL_OPTION, readCommandLine, STAGE_OPTIONS } from './command-line.ts';
import { useSimulation } from './simulation-endpoints.ts';
import { OperatorError, outputsOfStack, runCommand } from './stack-outputs.ts';

/** How long the test may take, in milliseconds: a start of the function, and the way there and back. */
const TEST_MS = 15_000;

const PERMISSIONS = 'cloudformation:DescribeStacks';

const USAGE = `Sends a deployed endpoint a bad address, which it must reject. Costs next to nothing, and sends no email.

  npm run smoke                                          tests production
  npm run smoke -- --stage staging                       tests another stage
  npm run smoke -- --url https://example.com/recover-user

  --stage NAME    the stage to test (production)
  --url URL       the endpoint to test, in place of that of a stage; needs no AWS credentials
  --local         the simulation on this machine; PORT is its first port, as for npm start (3000)
  --json          prints one JSON document

The exit code is 1 if the endpoint does not respond as it should. Account and region are those of the AWS CLI:
AWS_PROFILE, AWS_REGION, ...

Required permissions, unless --url is given:
  ${PERMISSIONS}`;

async function main(): Promise<void> {
  const { help, stage, url, local, json } = readCommandLine(USAGE, {
    ...STAGE_OPTIONS,
    ...LOCAL_OPTION,
    ...JSON_OPTION,
    url: { type: 'string' },
  }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  if (local) useSimulation();
  const endpointUrl = url === undefined ? await deployedUrl(stackNameOf(stage)) : parsedUrl(url, '--url');
  const problems = await test(endpointUrl);
  const isOk = problems.length === 0;
  if (json)
    console.log(
      JSON.stringify({ status: isOk ? 'ok' : 'problem', url: endpointUrl.href, problems }, null, 2),
    );
  else console.log(isOk ? `ok       ${endpointUrl.href} rejects a bad address` : textOf(problems));
  if (!isOk) process.exitCode = 1;
}

async function test(endpointUrl: URL): Promise<string[]> {
  const deadline = startDeadline(TEST_MS);
  return smokeTest(endpointUrl, deadline).finally(deadline.clear);
}

function textOf(problems: readonly string[]): string {
  return [
    ...problems.map((problem) => `problem  ${problem}`),
    '         fix: see docs/troubleshooting.md#the-endpoint-responds-with',
  ].join('\n');
}

async function deployedUrl(stack: string): Promise<URL> {
  const outputs = await outputsOfStack(stack, 'name the endpoint with --url', PERMISSIONS);
  const url = outputs.get('EndpointUrl');
  if (url === undefined)
    throw new OperatorError(`The stack ${stack} has no output EndpointUrl. Deploy it again.`);
  return parsedUrl(url, `The output EndpointUrl of the stack ${stack}`);
}

/** Http is for endpoints of this machine: nothing secret is sent. */
function parsedUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['https:', 'http:'].includes(url.protocol)) return url;
  throw new OperatorError(
    `${name} is ${JSON.stringify(text)}; it must be a URL such as https://example.com/recover-user.`,
  );
}

await runCommand(main);
