import { parseArgs } from 'node:util';
import { DEFAULT_STAGE, stackNameOf } from '../lib/config/stages.ts';
import { checkAlarms } from './doctor/alarm-checks.ts';
import { type Check, type Deployment, deployCommand, PERMISSIONS, problem } from './doctor/check.ts';
import { checkEndpoint } from './doctor/endpoint-checks.ts';
import { checkFunctions } from './doctor/function-checks.ts';
import { checkDeadLetters } from './doctor/queue-checks.ts';
import { jsonReport, problemsIn, textReport } from './doctor/report.ts';
import { checkSecrets } from './doctor/secret-checks.ts';
import { checkStack } from './doctor/stack-checks.ts';
import { useSimulation } from './simulation-endpoints.ts';
import { OperatorError, outputsOfStack, runCommand } from './stack-outputs.ts';

const USAGE = `Checks a deployment, and says how to fix what is wrong. Sends no email, and changes nothing.

  npm run doctor                        checks production
  npm run doctor -- --stage staging     checks another stage
  npm run doctor -- --local             checks the simulation of npm start

  --stage NAME    the stage to check (production)
  --local         the simulation on this machine; PORT is its first port, as for npm start (3000)
  --json          prints one JSON document

The exit code is 1 if there is a problem. Account and region are those of the AWS CLI: AWS_PROFILE, AWS_REGION, ...

Required permissions, for the resources of the stack where IAM can name them:
${PERMISSIONS.map((permission) => `  ${permission}`).join('\n')}`;

async function main(): Promise<void> {
  const { help, stage, local, json } = readOptions();
  if (help) {
    console.log(USAGE);
    return;
  }
  if (local) useSimulation();
  const stack = stackNameOf(stage);
  const checks = await examine(stage, stack, local);
  console.log(json ? jsonReport(stack, checks) : textReport(checks));
  if (problemsIn(checks) > 0) process.exitCode = 1;
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        stage: { type: 'string', default: DEFAULT_STAGE },
        local: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** Makes every check; without the stack there is nothing to check. */
async function examine(stage: string, stack: string, isLocal: boolean): Promise<Check[]> {
  const outputs = await outputsOfStack(
    stack,
    'name another stage with --stage',
    PERMISSIONS.join(', '),
  ).catch((error: unknown) => {
    if (error instanceof OperatorError) return error.message;
    throw error;
  });
  if (typeof outputs === 'string') {
    const fix = isLocal
      ? 'Start the simulation with npm start, and set PORT for this command as for that one'
      : `Check the account and the region; deploy with ${deployCommand({ stage, isLocal })}`;
    return [problem('stack', outputs, fix)];
  }
  const deployment: Deployment = { stage, stack, outputs, isLocal };
  const checks = await Promise.all([
    checkStack(deployment),
    checkSecrets(deployment),
    checkFunctions(deployment),
    checkEndpoint(deployment),
    checkAlarms(deployment),
    checkDeadLetters(deployment),
  ]);
  return checks.flat();
}

await runCommand(main);
