import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { Deadline } from '../../core/deadline.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';

const SELF_TEST = JSON.stringify({ kind: 'self-test' });

/** What a self-test returns, and no other event of a function. */
const selfTestReport = z.object({
  checks: z
    .array(
      z.object({
        status: z.enum(['ok', 'problem']),
        name: z.string(),
        detail: z.string(),
        fix: z.optional(z.string()),
      }),
    )
    .check(z.minLength(1)),
});

/** How Lambda describes an invocation that ended without a result. */
const crash = z.object({ errorType: z.string() });

/** Has one version of a function test itself; resolves with its problems. Throws what the SDK throws. */
export type TestVersion = (versionArn: string, deadline: Deadline) => Promise<string[]>;

/** Invokes versions by their ARNs. Takes `InvokeFunction`. */
export function createTestVersion({ releaseTestMs }: Timeouts): TestVersion {
  const client = new LambdaClient({
    // the hook repeats the whole test
    maxAttempts: 1,
    requestHandler: { requestTimeout: releaseTestMs, throwOnRequestTimeout: true },
  });
  return async (versionArn, { signal }) => {
    const command = new InvokeCommand({ FunctionName: versionArn, Payload: Buffer.from(SELF_TEST) });
    const { Payload, FunctionError } = await client.send(command, { abortSignal: signal });
    const result = parsed(Buffer.from(Payload ?? []).toString());
    const name = nameOf(versionArn);
    if (FunctionError !== undefined) {
      return [`${name} ended without a result: ${crash.safeParse(result).data?.errorType ?? FunctionError}`];
    }
    const { data } = selfTestReport.safeParse(result);
    if (data === undefined) return [`${name} returned no report of a self-test`];
    return data.checks
      .filter(({ status }) => status === 'problem')
      .map(({ name: check, detail, fix = '' }) => `${name}, ${check}: ${detail}. ${fix}`.trim());
  };
}

/** Name and version of a function, of `arn:aws:lambda:<region>:<account>:function:<name>:<version>`. */
function nameOf(versionArn: string): string {
  return versionArn.split(':').slice(-2).join(':');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
