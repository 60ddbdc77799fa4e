import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Something that the operator can fix; the message says how, and holds nothing secret. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** How long one call to AWS may take, its repetitions included, in milliseconds. */
const CALL_MS = 10_000;

/** Aborts a call to AWS that takes too long. */
export function callDeadline(timeoutMs = CALL_MS): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(timeoutMs) };
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
    .send(new DescribeStacksCommand({ StackName: stack }), callDeadline())
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

/** These outputs of a stack, by name. Throws {@link OperatorError} where one is missing: it is another stack, or an older one. */
export function requiredOutputs<const Names extends readonly string[]>(
  stack: string,
  outputs: ReadonlyMap<string, string>,
  names: Names,
): { [Index in keyof Names]: string } {
  const values = names.map((name) => outputs.get(name));
  if (isComplete<Names>(values)) return values;
  const listed = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  throw new OperatorError(`The stack ${stack} has no outputs ${listed}. Name the right stage with --stage.`);
}

function isComplete<Names extends readonly string[]>(
  values: readonly unknown[],
): values is { [Index in keyof Names]: string } {
  return !values.includes(undefined);
}

/** Why a call to AWS failed, and the fix; both are parts of a sentence. */
export interface Cause {
  reason: string;
  fix?: string;
}

/** The cause of an error of the AWS SDK. Names are safe to show; messages of the SDK may quote a request. */
export function causeOf(error: Error, permissions: string): Cause {
  switch (error.name) {
    case 'CredentialsProviderError':
      return { reason: 'there are no AWS credentials', fix: 'Sign in first, or set AWS_PROFILE.' };
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
      return { reason: 'the AWS credentials are not valid or have expired', fix: 'Sign in again.' };
    case 'AccessDeniedException':
    case 'AccessDenied':
    case 'AuthorizationErrorException':
      return { reason: 'access denied', fix: `Required permissions: ${permissions}.` };
    case 'AbortError':
    case 'TimeoutError':
      return { reason: 'no response in time', fix: 'Check the network, and try again.' };
    default:
      if (/\bregion\b/i.test(error.message)) {
        return { reason: 'there is no AWS region', fix: 'Set AWS_REGION.' };
      }
      return { reason: 'code' in error && typeof error.code === 'string' ? error.code : error.name };
  }
}

/** Why a call to AWS failed, and the fix, in one line. */
export function explain(what: string, error: Error, permissions: string): string {
  const { reason, fix } = causeOf(error, permissions);
  return [`${what}: ${reason}.`, ...(fix ? [fix] : [])].join(' ');
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
