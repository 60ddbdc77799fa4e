import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createDirectory } from '../../../../functions/adapters/directory/directory.ts';
import { createLambdaDirectory } from '../../../../functions/adapters/directory/lambda-directory.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import { createTelemetry } from '../../../../functions/runtime/telemetry.ts';
import { TIMEOUTS } from '../../../../functions/runtime/timeouts.ts';
import { type RunningServer, readBody, startHttpServer } from '../../../../local/http-server.ts';
import { setAwsEndpoints } from '../../emulated-aws.ts';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:find-user';
const failed = jest.fn<(reason: string) => void>();
let lambda: RunningServer | undefined;
let deadline: Deadline;

beforeEach(() => {
  failed.mockReset();
  deadline = startDeadline(5000);
});
afterEach(async () => {
  deadline.clear();
  await lambda?.close();
  lambda = undefined;
});

/** Lambda's Invoke API with a function that returns these texts, one after the other. */
async function directoryOver(...responses: { status?: number; body: string; error?: string }[]) {
  const requests: { path: string | undefined; body: string | undefined }[] = [];
  lambda = await startHttpServer(async (request, response) => {
    requests.push({ path: request.url, body: await readBody(request, 10_000) });
    const {
      status = 200,
      body,
      error,
    } = responses[Math.min(requests.length, responses.length) - 1] ?? { body: '' };
    response.writeHead(status, {
      'Content-Type': 'application/json',
      ...(error && { 'X-Amz-Function-Error': error }),
    });
    response.end(body);
  });
  setAwsEndpoints({ LAMBDA: lambda.url });
  const telemetry = { ...createTelemetry('test'), directoryUnavailable: failed };
  const config = { type: 'lambda', functionArn: ARN } as const;
  const directory = createDirectory(config, 'v1', { telemetry, timeouts: TIMEOUTS });
  return { directory, requests };
}

describe('a Lambda directory', () => {
  test('asks the function for the user of an address, over Lambda’s Invoke API', async () => {
    const { directory, requests } = await directoryOver({ body: '{"reference":"user-7"}' });
    await expect(directory.resolve('Jane@Example.com', deadline)).resolves.toEqual({
      user: 'reference:user-7',
      references: ['user-7'],
    });
    expect(requests).toEqual([
      {
        path: `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`,
        body: '{"email":"Jane@Example.com"}',
      },
    ]);
  });

  test('finds no user where the function returns null', async () => {
    const { directory } = await directoryOver({ body: '{"reference":null}' });
    await expect(directory.resolve('Max@Example.com', deadline)).resolves.toEqual({
      user: 'max@example.com',
      references: [],
    });
    expect(failed).not.toHaveBeenCalled();
  });

  test.each([
    '{}',
    'null',
    '""',
    '[]',
    '{"reference":""}',
    '{"reference":7}',
    '{"Reference":"x"}',
    `{"reference":"${'x'.repeat(1025)}"}`,
  ])('never takes %j for an unknown user', async (body) => {
    const { directory } = await directoryOver({ body });
    await expect(directory.resolve('jane@example.com', deadline)).resolves.toBeUndefined();
    expect(failed.mock.calls).toEqual([
      ['the function returned neither {"reference": "..."} nor {"reference": null}'],
    ]);
  });

  test('reports that the function failed, without its message', async () => {
    const { directory } = await directoryOver({
      body: '{"errorMessage":"jane@example.com"}',
      error: 'Unhandled',
    });
    await expect(directory.resolve('jane@example.com', deadline)).resolves.toBeUndefined();
    expect(failed).toHaveBeenCalledWith('FunctionFailed');
  });

  test('takes an empty response for a failure', async () => {
    const { directory } = await directoryOver({ body: '' });
    await expect(directory.resolve('jane@example.com', deadline)).resolves.toBeUndefined();
    expect(failed).toHaveBeenCalledWith('SyntaxError');
  });

  test('resolves no user when the function may not be invoked, or hangs', async () => {
    const { directory } = await directoryOver({ status: 403, body: '{"message":"no"}', error: '' });
    await expect(directory.resolve('jane@example.com', deadline)).resolves.toBeUndefined();
    const hanging = createLambdaDirectory({ invoke: () => new Promise(() => undefined), failed });
    const short = startDeadline(1);
    await expect(hanging.resolve('jane@example.com', short)).resolves.toBeUndefined();
    expect(failed).toHaveBeenLastCalledWith('DeadlineExceeded');
    const throwing = createLambdaDirectory({ invoke: () => Promise.reject('text'), failed });
    await expect(throwing.resolve('jane@example.com', deadline)).resolves.toBeUndefined();
    expect(failed).toHaveBeenLastCalledWith('string');
  });
});
