import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import * as z from 'zod';

/** A token of the v0 platform. */
export const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl';

const requestSchema = z.object({ SecretId: z.string(), SecretString: z.string().optional() });

/** What the emulated Secrets Manager holds, by name. */
export const secrets = new Map<string, { SecretString?: string; SecretBinary?: string }>();
let server: Server;
let endpoint: string;
let isDenied: boolean;

/** Has Secrets Manager deny every call until the end of the test. */
export function denyAccess(): void {
  isDenied = true;
}

/** Emulates CloudFormation, with two stacks, and Secrets Manager for each test of the file. */
export function useAws(): void {
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const operation = String(request.headers['x-amz-target'] ?? '');
      if (operation === '') {
        const stack = new URLSearchParams(await text(request)).get('StackName');
        const answer =
          stack === 'RecoveryStack' || stack === 'RecoveryStack-bare'
            ? `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${stack}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${
                stack === 'RecoveryStack-bare'
                  ? ''
                  : '<member><OutputKey>ApiTokenSecretArn</OutputKey><OutputValue>stack-secret</OutputValue></member><member><OutputKey>CaptchaSecretArn</OutputKey><OutputValue>captcha-secret</OutputValue></member>'
              }</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
            : undefined;
        response.writeHead(answer ? 200 : 400, { 'content-type': 'text/xml' });
        response.end(
          answer ??
            '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>does not exist</Message></Error></ErrorResponse>',
        );
        return;
      }
      const { SecretId, SecretString } = requestSchema.parse(await json(request));
      const secret = secrets.get(SecretId);
      const errorType = isDenied ? 'AccessDeniedException' : secret ? undefined : 'ResourceNotFoundException';
      if (!errorType && SecretString !== undefined) secrets.set(SecretId, { SecretString });
      response.writeHead(errorType ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(
          errorType ? { __type: errorType, message: `no ${TOKEN}` } : { Name: SecretId, ...secret },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    endpoint = `http://127.0.0.1:${address.port}`;
  });

  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  beforeEach(() => {
    isDenied = false;
    secrets.clear();
  });
}

/** Runs the command as a child process, by default in the project's folder. */
export async function storeToken(
  input: string,
  args: readonly string[] = [],
  environment: Record<string, string | undefined> = {},
  folder = process.cwd(),
) {
  const child = spawn(process.execPath, [resolve('bin/store-token.ts'), ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      // most of a run is loading the AWS SDK
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
      // nothing of the machine's own AWS set-up
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    },
  });
  // it may end without reading
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exited, stdout, stderr, printed: stdout + stderr };
}
