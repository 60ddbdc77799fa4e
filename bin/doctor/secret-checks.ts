import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Check, callAws, commandFor, type Deployment, deployCommand, ok, problem } from './check.ts';

/** Checks that each secret of the stack has a current value, without reading it. */
export async function checkSecrets(deployment: Deployment): Promise<Check[]> {
  const { outputs } = deployment;
  const client = new SecretsManagerClient();
  const secrets = [
    {
      name: 'API token secret',
      output: 'ApiTokenSecretArn',
      fix: `Run ${commandFor(deployment, 'store-token')}`,
    },
    {
      name: 'CAPTCHA secret',
      output: 'CaptchaSecretArn',
      fix: `Run ${commandFor(deployment, 'store-token', '--captcha')}`,
    },
    {
      name: 'pseudonymization key secret',
      output: 'PseudonymKeySecretArn',
      fix: 'Store a long random text in it',
    },
  ];
  const redeploy = `Deploy the stack again: ${deployCommand(deployment)}`;
  const checks = secrets.map(async ({ name, output, fix }) => {
    const secretId = outputs.get(output);
    return secretId === undefined ? [] : checkSecret(client, { name, secretId, fix, redeploy });
  });
  return (await Promise.all(checks)).flat();
}

interface CheckedSecret {
  name: string;
  secretId: string;
  /** What to do where it has no value. */
  fix: string;
  /** What to do where it is gone. */
  redeploy: string;
}

function checkSecret(
  client: SecretsManagerClient,
  { name, secretId, fix, redeploy }: CheckedSecret,
): Promise<Check[]> {
  return callAws(
    name,
    async (options) => {
      const command = new DescribeSecretCommand({ SecretId: secretId });
      const { VersionIdsToStages = {}, LastChangedDate, DeletedDate } = await client.send(command, options);
      if (DeletedDate) {
        const restore = `Restore it: aws secretsmanager restore-secret --secret-id ${secretId}`;
        return [problem(name, 'is scheduled for deletion', restore)];
      }
      const hasValue = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'));
      if (!hasValue) return [problem(name, `${secretId} has no value`, fix)];
      const changed = LastChangedDate ? `, changed on ${LastChangedDate.toISOString().slice(0, 10)}` : '';
      return [ok(name, `has a value${changed}`)];
    },
    {
      onError: ({ name: error }) =>
        error === 'ResourceNotFoundException' ? problem(name, `${secretId} is gone`, redeploy) : undefined,
    },
  );
}
