import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import setUpTemporaryDirectory, { undoSetUp } from '../global-setup.ts';
import { run } from '../package/run.ts';
import { assumeRole, type Credentials, shareWorld } from './account.ts';
import { describeMoto } from './limits-of-moto.ts';
import { installMoto, type Moto, startMoto } from './moto.ts';
import { prepareRuntimeClient } from './runtime-client.ts';

let folder: string | undefined;
let moto: Moto | undefined;

/** Jest's global setup: synthesizes the stacks, and starts moto with an administrator, whose permissions it enforces. */
export default async function setUp(): Promise<void> {
  setUpTemporaryDirectory();
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Undoes the setup. Throws if a test left something in the temporary directory. */
export async function stop(): Promise<void> {
  await moto?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  undoSetUp();
}

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'aws-'));
  const cdkOut = join(folder, 'cdk.out');
  const synthesize = join(import.meta.dirname, 'synthesize.ts');
  const [command, runtimeClient] = await Promise.all([
    installMoto(folder),
    prepareRuntimeClient(folder),
    run(join(import.meta.dirname, '../..'), process.execPath, synthesize, cdkOut),
  ]);
  process.env['AWS_RUNTIME_CLIENT'] = runtimeClient;
  moto = await startMoto(command);
  const { url } = moto;
  shareWorld({ url, cdkOut, administrator: await createAdministrator(url) });
  await moto.enforcePermissions();
  process.stdout.write(describeMoto(cdkOut));
}

/** Creates a role that may do everything, while moto asks nobody for permissions. */
async function createAdministrator(endpoint: string): Promise<Credentials> {
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
  const clientOptions = { endpoint, region: 'us-east-1', credentials };
  const client = new CloudFormationClient(clientOptions);
  const Version = '2012-10-17';
  const everything = { Version, Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const template = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Version, Statement: [] } },
      },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'Everything', PolicyDocument: everything, Roles: [{ Ref: 'Role' }] },
      },
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  };
  const StackName = 'Administrator';
  await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  return assumeRole(Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? '', clientOptions);
}
