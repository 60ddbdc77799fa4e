import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Something that the operator can fix; the message says how, and holds nothing secret. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/**
 * The outputs of a deployed stack, by name. Throws {@link OperatorError} where there is no such stack, or it cannot be
 * read; `instead` says how to do without it, `permissions` what the command needs.
 */
export async function outputsOfStack(
  stack: string,
  instead: string,
  permissions: string,
): Promise<ReadonlyMap<string, string>> {
  const { Stacks } = await new CloudFormationClient()
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch((error: Error) => {
      throw new OperatorError(
        error.name === 'ValidationError'
          ? `There is no stack ${stack} in this account and region. Deploy it first (npm run deploy), or ${instead}.`
          : explain(`The stack ${stack} could not be looked up`, error, permissions),
      );
    });
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return new Map(
    outputs.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey && OutputValue ? [[OutputKey, OutputValue] as const] : [],
    ),
  );
}

/** Why a call to AWS failed, and the fix. Names are safe to show; messages of the SDK may quote a request. */
export function explain(what: string, error: Error, permissions: string): string {
  switch (error.name) {
    case 'CredentialsProviderError':
      return `${what}: there are no AWS credentials. Sign in first, or set AWS_PROFILE.`;
    case 'AccessDeniedException':
    case 'AccessDenied':
      return `${what}: access denied. Required permissions: ${permissions}.`;
    default:
      if (/\bregion\b/i.test(error.message)) return `${what}: there is no AWS region. Set AWS_REGION.`;
      return `${what}: ${'code' in error && typeof error.code === 'string' ? error.code : error.name}.`;
  }
}

/** Runs a command of an operator: an error is one message without a stack trace, and exit code 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(
      error instanceof OperatorError
        ? error.message
        : `Failed: ${error instanceof Error ? error.name : 'unknown'}`,
    );
    process.exitCode = 1;
  }
}
