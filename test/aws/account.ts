import { randomUUID } from 'node:crypto';
import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import * as z from 'zod/mini';

/** Credentials as the AWS SDK takes them. */
const credentials = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
});
export type Credentials = z.infer<typeof credentials>;

const world = z.object({ url: z.string(), administrator: credentials, cdkOut: z.string() });
const VARIABLE = 'AWS_TEST_WORLD';

/** What the setup made, for all test files. */
export type World = z.infer<typeof world>;

/** Passes it on to the test files, which run in processes of their own. */
export function shareWorld(made: World): void {
  process.env[VARIABLE] = JSON.stringify(made);
}

/** A region of moto's, as an administrator sees it. */
export interface Account {
  readonly url: string;
  readonly region: string;
  /** The folder of the synthesized stacks. */
  readonly cdkOut: string;
  /** Of any client of the AWS SDK. */
  readonly clientOptions: { endpoint: string; region: string; credentials: Credentials };
}

/** A region that nothing is in yet. */
export function newRegion(): Account {
  const { url, administrator, cdkOut } = world.parse(JSON.parse(process.env[VARIABLE] ?? ''));
  const region = `test-${randomUUID().slice(0, 8)}`;
  return { url, region, cdkOut, clientOptions: { endpoint: url, region, credentials: administrator } };
}

/** Credentials of a role. */
export async function assumeRole(roleArn: string, clientOptions: STSClientConfig): Promise<Credentials> {
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test' });
  const { Credentials: issued } = await new STSClient(clientOptions).send(command);
  return credentials.parse({
    accessKeyId: issued?.AccessKeyId,
    secretAccessKey: issued?.SecretAccessKey,
    sessionToken: issued?.SessionToken,
  });
}
