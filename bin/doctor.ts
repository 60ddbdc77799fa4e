import { stackNameOf } from '../lib/config/stages.ts';
import { JSON_OPTION, LOCAL_OPTION, readCommandLine, STAGE_OPTIONS } from './command-line.ts';
import { PERMISSIONS } from './doctor/check.ts';
import { examine } from './doctor/examine.ts';
import { jsonReport, problemsIn, textReport } from './doctor/report.ts';
import { useSimulation } from './simulation-endpoints.ts';
import { runCommand } from './stack-outputs.ts';

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
  const { help, stage, local, json } = readCommandLine(USAGE, {
    ...STAGE_OPTIONS,
    ...LOCAL_OPTION,
    ...JSON_OPTION,
  }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  if (local) useSimulation();
  const stack = stackNameOf(stage);
  const checks = await examine({ stage, stack, isLocal: local });
  console.log(json ? jsonReport(stack, checks) : textReport(checks));
  if (problemsIn(checks) > 0) process.exitCode = 1;
}

await runCommand(main);
