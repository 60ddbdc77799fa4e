import { element } from '../../local/emulators/operator/aws-response.ts';
import { type RunningServer, readBody, startHttpServer } from '../../local/http-server.ts';

/** What the deletion of the emulated stack leads to. */
export interface EmulatedStack {
  outputs: Readonly<Record<string, string>>;
  isProtected: boolean;
  /** The status after its deletion. */
  deletedAs: 'DELETE_COMPLETE' | 'DELETE_FAILED';
  /** Whether it was asked to be deleted. */
  isDeleted: boolean;
}

const RESOURCES = [
  ['Table', 'AWS::DynamoDB::Table', 'DELETE_COMPLETE'],
  ['Key', 'AWS::SecretsManager::Secret', 'DELETE_SKIPPED'],
  ['Bus', 'AWS::Events::EventBus', 'DELETE_COMPLETE'],
] as const;

const TEMPLATE = JSON.stringify({
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Delete' },
    Key: { Type: 'AWS::SecretsManager::Secret', DeletionPolicy: 'Retain' },
    Bus: { Type: 'AWS::Events::EventBus' },
  },
});

/** Starts CloudFormation with one stack, RecoveryStack, as the emulated one says at the time. */
export function startCloudFormation(stack: EmulatedStack): Promise<RunningServer> {
  const results: Readonly<Record<string, () => string>> = {
    DescribeStacks: () => describe(stack),
    GetTemplate: () => element('TemplateBody', TEMPLATE),
    ListStackResources: () =>
      `<StackResourceSummaries>${RESOURCES.map((resource) => summary(resource, stack)).join('')}</StackResourceSummaries>`,
    DeleteStack: () => {
      stack.isDeleted = true;
      return '';
    },
  };
  return startHttpServer(async (request, response) => {
    const action = new URLSearchParams((await readBody(request, 10_000)) ?? '').get('Action') ?? '';
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<${action}Response><${action}Result>${results[action]?.() ?? ''}</${action}Result></${action}Response>`,
    );
  });
}

function describe({ outputs, isProtected, isDeleted, deletedAs }: EmulatedStack): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member>${element('OutputKey', key)}${element('OutputValue', value)}</member>`,
  );
  const parts = [
    element('StackName', 'RecoveryStack'),
    element('StackId', 'stack-id'),
    element('CreationTime', '2026-01-01T00:00:00Z'),
    element('StackStatus', isDeleted ? deletedAs : 'CREATE_COMPLETE'),
    element('EnableTerminationProtection', String(isProtected)),
    `<Outputs>${members.join('')}</Outputs>`,
  ];
  return `<Stacks><member>${parts.join('')}</member></Stacks>`;
}

function summary(
  [logicalId, type, deletedAs]: (typeof RESOURCES)[number],
  { isDeleted, deletedAs: end }: EmulatedStack,
): string {
  const isStuck = end === 'DELETE_FAILED' && logicalId === 'Bus';
  const parts = [
    element('LogicalResourceId', logicalId),
    element('PhysicalResourceId', `physical-${logicalId}`),
    element('ResourceType', type),
    element('LastUpdatedTimestamp', '2026-01-01T00:00:00Z'),
    element('ResourceStatus', !isDeleted ? 'CREATE_COMPLETE' : isStuck ? 'DELETE_FAILED' : deletedAs),
    element('ResourceStatusReason', isStuck ? 'it has rules' : ''),
  ];
  return `<member>${parts.join('')}</member>`;
}
