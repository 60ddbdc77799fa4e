import { OperatorError } from './stack-outputs.ts';

/** How far the emulators' ports are from the first port of the simulation. */
const OFFSETS = { secretsManager: 2, sqs: 4, operator: 5 };

/**
 * Points the AWS SDK of this process to the emulators of `npm start`, which listen at the ports from `PORT` on (3000), and
 * away from the accounts of the person who runs it. Throws {@link OperatorError} for a `PORT` that is not one.
 */
export function useSimulation(environment: NodeJS.ProcessEnv = process.env): void {
  const port = Number(environment['PORT'] || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535 - OFFSETS.operator) {
    throw new OperatorError(
      'PORT must be the first port of the simulation, as for npm start. For example: PORT=4000',
    );
  }
  const url = (offset: number) => `http://127.0.0.1:${port + offset}`;
  delete environment['AWS_PROFILE'];
  delete environment['AWS_SESSION_TOKEN'];
  Object.assign(environment, {
    AWS_ENDPOINT_URL: url(OFFSETS.operator),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url(OFFSETS.secretsManager),
    AWS_ENDPOINT_URL_SQS: url(OFFSETS.sqs),
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  });
}
