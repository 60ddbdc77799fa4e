import manifest from '../../package.json' with { type: 'json' };
import { type Check, type Deployment, deployCommand, ok, problem, skipped } from './check.ts';

/** Outputs that every stack of this version has. */
const REQUIRED_OUTPUTS = [
  'EndpointUrl',
  'ApiTokenSecretArn',
  'OutboxQueueUrl',
  'DeadLetterQueueUrl',
  'RecoverUserFunctionName',
  'DeliverOutboxFunctionName',
  'AlarmNamePrefix',
  'Version',
];

/** Checks that the stack has the outputs that the other checks need, and that it is of this version. */
export function checkStack(deployment: Deployment): Check[] {
  const { stack, outputs } = deployment;
  const missing = REQUIRED_OUTPUTS.filter((name) => !outputs.has(name));
  const fix = `Deploy this version: ${deployCommand(deployment)}`;
  return [
    missing.length === 0
      ? ok('stack', `${stack} is deployed`)
      : problem('stack', `${stack} has no outputs ${missing.join(', ')}`, fix),
    checkVersion(outputs.get('Version'), fix),
  ];
}

function checkVersion(deployed: string | undefined, fix: string): Check {
  const { version } = manifest;
  if (deployed === undefined) return skipped('version', 'the stack does not name its version');
  if (deployed === version) return ok('version', `${version} is deployed`);
  return problem(
    'version',
    `${deployed} is deployed, and ${version} is checked out`,
    `${fix}, or check out ${deployed}`,
  );
}
