import * as z from 'zod/mini';
import { parseJson } from '../../json-text.ts';
import { type AwsResponse, jsonError } from './aws-response.ts';
import { type Deployment, type DeploymentFaults, FUNCTION_NAMES, type FunctionName } from './deployment.ts';

const FUNCTIONS_PATH = '/2015-03-31/functions/';

const selfTestEvent = z.strictObject({ kind: z.literal('self-test') });

/** Whether a path is one of Lambda's. */
export function isLambdaPath(path: string): boolean {
  return path.startsWith(FUNCTIONS_PATH);
}

/** Lambda's Invoke, with the event of a self-test only, and GetFunctionConfiguration. */
export async function callLambda(
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
  { selfTests }: Deployment,
  { crashingFunctions = [] }: DeploymentFaults,
): Promise<AwsResponse> {
  const [encodedName = '', operation] = path.slice(FUNCTIONS_PATH.length).split('/');
  const name = functionNamed(decodeURIComponent(encodedName));
  if (name === undefined) return jsonError('ResourceNotFoundException', 'Function not found', 404);
  switch (`${method} ${operation}`) {
    case 'GET configuration':
      return { json: { FunctionName: name, LoggingConfig: { LogGroup: `${name}Logs` } } };
    case 'POST invocations':
      return crashingFunctions.includes(name) ? crash('Runtime.ExitError') : selfTest(body, selfTests[name]);
    default:
      return jsonError('UnknownOperationException', `The emulator does not support ${method} ${operation}.`);
  }
}

/** The function that a name or an ARN means, with a version or an alias behind it or without: the emulator has one of each. */
function functionNamed(name: string): FunctionName | undefined {
  const [, unqualified] =
    name.match(/^(?:arn:aws:lambda:[\w-]+:\d{12}:function:)?([\w-]+)(?::[\w-]+)?$/) ?? [];
  return FUNCTION_NAMES.find((known) => known === unqualified);
}

async function selfTest(body: string, test: () => Promise<unknown>): Promise<AwsResponse> {
  const event = parseJson(selfTestEvent, body);
  if ('problem' in event) {
    return jsonError(
      'InvalidRequestContentException',
      'The emulator invokes functions for their self-test only.',
    );
  }
  try {
    return { json: await test() };
  } catch (error) {
    return crash(error instanceof Error ? error.name : 'Error');
  }
}

/** The result of an invocation that ended without one. */
function crash(errorType: string): AwsResponse {
  return {
    json: { errorType, errorMessage: 'The function ended without a result.' },
    headers: { 'X-Amz-Function-Error': 'Unhandled' },
  };
}
