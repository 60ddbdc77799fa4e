import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import type { Invoke } from './lambda-directory.ts';

/** The function failed; its own error message is left out, because it may quote the address. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
}

/** Invokes a Lambda function and waits for what it returns. Throws {@link FunctionFailed}, and what the SDK throws. */
export function createInvoke(functionArn: string, options: LambdaClientConfig): Invoke {
  const client = new LambdaClient(options);
  return async (request, abortSignal) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(request) }),
      { abortSignal },
    );
    if (FunctionError !== undefined) throw new FunctionFailed();
    return Buffer.from(Payload ?? []).toString();
  };
}
