import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { parsedJson } from '../../functions/adapters/beyond-identity/api-call.ts';
import { callDeadline } from '../stack-outputs.ts';
import { type Check, callAws, type Deployment, deployCommand, problem, skipped } from './check.ts';

/** A self-test takes ten seconds at most, after the start of the function; in milliseconds. */
const INVOCATION_MS = 30_000;

const SELF_TEST = JSON.stringify({ kind: 'self-test' });

const report = z.object({
  checks: z.array(
    z.object({
      status: z.enum(['ok', 'problem']),
      name: z.string(),
      detail: z.string(),
      fix: z.optional(z.string()),
    }),
  ),
});

/** How Lambda describes an invocation that ended without a result. */
const crash = z.object({ errorType: z.string() });

/** Has the live versions of both functions test themselves; each of their checks is one here. */
export async function checkFunctions(deployment: Deployment): Promise<Check[]> {
  const { outputs } = deployment;
  const client = new LambdaClient();
  const redeploy = deployCommand(deployment);
  const checks = [
    ['endpoint function', 'RecoverUserFunctionName'] as const,
    ['delivery function', 'DeliverOutboxFunctionName'] as const,
  ].map(([name, output]) => {
    const functionName = outputs.get(output);
    if (functionName === undefined) return [skipped(name, `the stack has no output ${output}`)];
    return checkFunction(client, { name, functionName, redeploy });
  });
  return (await Promise.all(checks)).flat();
}

interface TestedFunction {
  name: string;
  functionName: string;
  /** The command that deploys it again. */
  redeploy: string;
}

function checkFunction(client: LambdaClient, tested: TestedFunction): Promise<Check[]> {
  const { name, functionName, redeploy } = tested;
  return callAws(
    name,
    async (options) => {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: SELF_TEST });
      const invocation = await client.send(command, options);
      if (invocation.FunctionError !== undefined) return [await crashOf(client, tested, invocation)];
      const { data } = report.safeParse(parsedJson(textOf(invocation))?.value);
      if (data === undefined) {
        return [problem(name, 'has no self-test', `Deploy this version: ${redeploy}`)];
      }
      return data.checks.map(({ fix, ...check }) => ({
        ...check,
        name: `${name}, ${check.name}`,
        ...(fix !== undefined && { fix }),
      }));
    },
    {
      timeoutMs: INVOCATION_MS,
      onError: ({ name: error }) => {
        switch (error) {
          case 'ResourceNotFoundException':
            return problem(name, `${functionName} is gone`, `Deploy the stack again: ${redeploy}`);
          case 'TooManyRequestsException':
            return problem(name, 'is throttled by Lambda', 'See docs/operations.md#functionthrottles');
          default:
            return undefined;
        }
      },
    },
  );
}

async function crashOf(
  client: LambdaClient,
  { name, functionName }: TestedFunction,
  invocation: InvokeCommandOutput,
): Promise<Check> {
  const { data } = crash.safeParse(parsedJson(textOf(invocation))?.value);
  const logGroup = await logGroupOf(client, functionName);
  return problem(
    name,
    `ended without a result: ${data?.errorType ?? invocation.FunctionError}`,
    `Its log names the cause, such as a missing variable: aws logs tail ${logGroup} --since 15m`,
  );
}

/** The log group that the function writes to; that of Lambda's choice where it cannot be looked up. */
async function logGroupOf(client: LambdaClient, functionName: string): Promise<string> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const configuration = await client.send(command, callDeadline()).catch(() => undefined);
  const [unqualifiedName] = functionName.split(':');
  return configuration?.LoggingConfig?.LogGroup ?? `/aws/lambda/${unqualifiedName}`;
}

function textOf({ Payload }: InvokeCommandOutput): string {
  return Payload?.transformToString() ?? '';
}
