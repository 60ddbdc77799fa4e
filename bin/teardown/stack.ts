import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod/mini';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';

/** A stack as far as its deletion needs to know it. */
export interface DeployedStack {
  /** Names the stack after its deletion, too. */
  stackId: string;
  isProtected: boolean;
}

/** A resource of a stack. */
export interface StackResource {
  logicalId: string;
  type: string;
  physicalId: string;
}

/** What a deletion does to the resources of a stack. */
export interface DeletionPlan {
  deleted: readonly StackResource[];
  kept: readonly StackResource[];
}

const template = z.object({
  Resources: z.record(z.string(), z.object({ DeletionPolicy: z.optional(z.string()) })),
});

/** Reads a stack that exists. Throws {@link OperatorError}. */
export async function readStack(stack: string, permissions: string): Promise<DeployedStack> {
  const { Stacks: [found] = [] } = await call(permissions, () =>
    new CloudFormationClient().send(new DescribeStacksCommand({ StackName: stack }), callDeadline()),
  );
  return { stackId: found?.StackId ?? stack, isProtected: found?.EnableTerminationProtection === true };
}

/** What the deletion of a stack deletes and keeps, by the deployed template. Throws {@link OperatorError}. */
export async function planDeletion(stackId: string, permissions: string): Promise<DeletionPlan> {
  return call(permissions, async () => {
    const client = new CloudFormationClient();
    const { TemplateBody = '' } = await client.send(
      new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Processed' }),
      callDeadline(),
    );
    const { Resources } = template.parse(JSON.parse(TemplateBody));
    const summaries = await summariesOf(stackId);
    // an earlier run may have ended halfway
    const resources = summaries
      .filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE')
      .map(resourceOf);
    const isKept = ({ logicalId }: StackResource) =>
      Resources[logicalId]?.DeletionPolicy?.startsWith('Retain') === true;
    return { kept: resources.filter(isKept), deleted: resources.filter((resource) => !isKept(resource)) };
  });
}

/** The resources that CloudFormation left where they are. Throws {@link OperatorError}. */
export async function keptResources(stackId: string, permissions: string): Promise<StackResource[]> {
  const summaries = await call(permissions, () => summariesOf(stackId));
  return summaries.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED').map(resourceOf);
}

/** What could not be deleted, and why. Throws {@link OperatorError}. */
export async function failedResources(stackId: string, permissions: string): Promise<string[]> {
  const summaries = await call(permissions, () => summariesOf(stackId));
  return summaries
    .filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED')
    .map(({ LogicalResourceId, ResourceStatusReason = 'no reason given' }) =>
      `${LogicalResourceId}: ${ResourceStatusReason}`.replaceAll(/\s+/g, ' '),
    );
}

/** Makes calls to CloudFormation. Throws {@link OperatorError}. */
export async function call<Result>(permissions: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OperatorError) throw error;
    throw new OperatorError(explain('CloudFormation could not be used', error, permissions));
  }
}

async function summariesOf(stackId: string): Promise<StackResourceSummary[]> {
  const summaries: StackResourceSummary[] = [];
  const pages = paginateListStackResources(
    { client: new CloudFormationClient() },
    { StackName: stackId },
    callDeadline(),
  );
  for await (const { StackResourceSummaries = [] } of pages) summaries.push(...StackResourceSummaries);
  return summaries;
}

function resourceOf({
  LogicalResourceId = '',
  ResourceType = '',
  PhysicalResourceId = '',
}: StackResourceSummary): StackResource {
  return { logicalId: LogicalResourceId, type: ResourceType, physicalId: PhysicalResourceId };
}
