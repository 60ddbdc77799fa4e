import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { deleteStack } from '../../../bin/teardown/deletion.ts';

const cloudFormation = mockClient(CloudFormationClient);
const CREATED = new Date(0);

beforeEach(() => {
  cloudFormation.reset();
  cloudFormation.on(DeleteStackCommand).resolves({});
});

const stackIn = (StackStatus: StackStatus) => ({
  Stacks: [{ StackName: 'stack', CreationTime: CREATED, StackStatus }],
});

const remove = (timeoutMs = 60_000) => deleteStack('stack-id', 'some:Permission', { timeoutMs, pollMs: 0 });

test('waits until the stack is deleted', async () => {
  cloudFormation
    .on(DescribeStacksCommand, { StackName: 'stack-id' })
    .resolvesOnce(stackIn('DELETE_IN_PROGRESS'))
    .resolvesOnce(stackIn('DELETE_IN_PROGRESS'))
    .resolves(stackIn('DELETE_COMPLETE'));
  await remove();
  expect(cloudFormation.commandCalls(DeleteStackCommand)).toHaveLength(1);
  expect(cloudFormation.commandCalls(DescribeStacksCommand)).toHaveLength(3);
});

test('names what could not be deleted, and why', async () => {
  cloudFormation.on(DescribeStacksCommand).resolves(stackIn('DELETE_FAILED'));
  cloudFormation.on(ListStackResourcesCommand).resolves({
    StackResourceSummaries: [
      {
        LogicalResourceId: 'EventsBus',
        ResourceType: 'AWS::Events::EventBus',
        LastUpdatedTimestamp: CREATED,
        ResourceStatus: 'DELETE_FAILED',
        ResourceStatusReason: 'Cannot delete:\nit has rules',
      },
      {
        LogicalResourceId: 'Table',
        ResourceType: 'AWS::DynamoDB::Table',
        LastUpdatedTimestamp: CREATED,
        ResourceStatus: 'DELETE_COMPLETE',
      },
    ],
  });
  await expect(remove()).rejects.toThrow(
    /^The stack is DELETE_FAILED\. .*\n {2}EventsBus: Cannot delete: it has rules$/,
  );
});

test('gives up after the deadline, and says that CloudFormation goes on', async () => {
  cloudFormation.on(DescribeStacksCommand).resolves(stackIn('DELETE_IN_PROGRESS'));
  await expect(remove(0)).rejects.toThrow('CloudFormation goes on. Run the command again to wait on.');
});

test('names the permissions where the deletion is denied', async () => {
  const denied = Object.assign(new Error('quotes a request'), { name: 'AccessDenied' });
  cloudFormation.on(DeleteStackCommand).rejects(denied);
  await expect(remove()).rejects.toThrow('access denied. Required permissions: some:Permission.');
});
