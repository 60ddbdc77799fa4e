import { OperatorError, outputsOfStack } from '../stack-outputs.ts';
import { checkAlarms } from './alarm-checks.ts';
import { type Check, type Deployment, deployCommand, PERMISSIONS, problem } from './check.ts';
import { checkEndpoint } from './endpoint-checks.ts';
import { checkFunctions } from './function-checks.ts';
import { checkDeadLetters } from './queue-checks.ts';
import { checkSecrets } from './secret-checks.ts';
import { checkStack } from './stack-checks.ts';

/** Makes every check of a deployment; without the stack there is nothing to check. Changes nothing. */
export async function examine(target: Omit<Deployment, 'outputs'>): Promise<Check[]> {
  const { stage, stack, isLocal } = target;
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
  const deployment: Deployment = { ...target, outputs };
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
