import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { configWith } from './config-with.ts';
import { newRecoveryStack, onlyPropertiesOf, propertiesOf, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:find-user';

const FUNCTIONS = [
  ['RecoverUserFunction', 'Endpoint'],
  ['DeliverOutboxFunction', 'Delivery'],
] as const;

const aliasResource = z.looseObject({
  Properties: z.looseObject({ FunctionVersion: z.object({ 'Fn::GetAtt': z.array(z.string()) }) }),
  DependsOn: z.array(z.string()),
  UpdatePolicy: z.optional(z.record(z.string(), z.unknown())),
});

function aliasOf(stack: Template, functionId: string) {
  const [found] = Object.entries(stack.findResources('AWS::Lambda::Alias')).filter(([id]) =>
    id.startsWith(functionId),
  );
  return aliasResource.parse(found?.[1]);
}

/** The logical id of the version that the alias of a function moves to. */
const versionOf = (stack: Template, functionId: string) =>
  aliasOf(stack, functionId).Properties.FunctionVersion['Fn::GetAtt'][0];

describe.each(FUNCTIONS)('%s', (functionId, group) => {
  test('is invoked by the alias live, which CodeDeploy moves to the new version', () => {
    const { Properties, UpdatePolicy } = aliasOf(template, functionId);
    expect(Properties).toMatchObject({ Name: 'live', FunctionName: { Ref: functionId } });
    expect(UpdatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: expect.stringMatching(/^ReleaseApplication/) },
        DeploymentGroupName: { Ref: expect.stringMatching(`^Release${group}DeploymentGroup`) },
        BeforeAllowTrafficHook: { Ref: 'PreTrafficHook' },
        ...(group === 'Endpoint' && { AfterAllowTrafficHook: { Ref: 'PostTrafficHook' } }),
      },
    });
  });

  test('keeps its earlier versions, but not that of a failed deployment', () => {
    const [version] = Object.entries(template.findResources('AWS::Lambda::Version')).filter(([id]) =>
      id.startsWith(functionId),
    );
    expect(version?.[1]).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName: { Ref: functionId } },
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['the tenant', { beyondIdentity: { platform: 'v0', region: 'eu' } }],
    ['the directory', { directory: { type: 'lambda', functionArn: ARN } }],
  ])('has a new version when a setting changes: %s', (_what, settings) => {
    expect(versionOf(recoveryTemplate(settings), functionId)).not.toBe(versionOf(template, functionId));
  });

  test('has no new version when nothing of it changes', () => {
    const others = recoveryTemplate({
      canary: null,
      alarmEmail: 'on-call@example.com',
      requestsPerClientIp: 50,
    });
    expect(versionOf(others, functionId)).toBe(versionOf(template, functionId));
  });

  test('moves back when the deployment fails, is stopped, or the alarm of the release is raised', () => {
    const alarm = group === 'Endpoint' ? 'AlarmsReleaseFailed' : 'AlarmsDeliveryReleaseFailed';
    const properties = onlyPropertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup', `Release${group}`);
    expect(properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: expect.stringMatching(`^${alarm}`) } }] },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
    });
    expect(properties['AlarmConfiguration']).not.toHaveProperty('IgnorePollAlarmFailure', true);
  });

  test('moves only once all that its release needs is there', () => {
    const dependencies = aliasOf(template, functionId).DependsOn;
    for (const part of ['DeploymentGroup', 'RoleDefaultPolicy']) {
      expect(dependencies).toContainEqual(expect.stringMatching(`^Release${group}${part}`));
    }
  });
});

test('the delivery function, which reads messages, moves before the endpoint, which writes them', () => {
  expect(aliasOf(template, 'RecoverUserFunction').DependsOn).toContainEqual(
    expect.stringMatching(/^DeliverOutboxFunctionAliaslive/),
  );
});

describe('a canary', () => {
  const configurations = (canary: unknown) => {
    const stack = recoveryTemplate({ canary });
    const names = propertiesOf(stack, 'AWS::CodeDeploy::DeploymentGroup').map(
      ({ DeploymentConfigName }) => DeploymentConfigName,
    );
    return { names, own: propertiesOf(stack, 'AWS::CodeDeploy::DeploymentConfig') };
  };

  test.each([
    [{ percent: 10, minutes: 5 }, 'CodeDeployDefault.LambdaCanary10Percent5Minutes'],
    [{ percent: 10, minutes: 15 }, 'CodeDeployDefault.LambdaCanary10Percent15Minutes'],
    [null, 'CodeDeployDefault.LambdaAllAtOnce'],
  ])("of %j is one of CodeDeploy's own configurations", (canary, name) => {
    expect(configurations(canary)).toEqual({ names: [name, name], own: [] });
  });

  test('of any other share and time has a configuration of its own', () => {
    const { names, own } = configurations({ percent: 25, minutes: 3 });
    const reference = { Ref: expect.stringMatching(/^ReleaseCanary/) };
    expect(names).toEqual([reference, reference]);
    expect(own).toEqual([
      expect.objectContaining({
        ComputePlatform: 'Lambda',
        TrafficRoutingConfig: {
          Type: 'TimeBasedCanary',
          TimeBasedCanary: { CanaryInterval: 3, CanaryPercentage: 25 },
        },
      }),
    ]);
  });
});

describe('a hotfix', () => {
  test('moves both aliases without CodeDeploy, and leaves all the rest as it is', () => {
    const hotfix = Template.fromStack(newRecoveryStack({ ...configWith(), isHotfix: true }));
    for (const [functionId] of FUNCTIONS) {
      expect(aliasOf(hotfix, functionId).UpdatePolicy).toBeUndefined();
      expect(versionOf(hotfix, functionId)).toBe(versionOf(template, functionId));
    }
    hotfix.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 2);
    const withoutPolicies = (stack: Template) =>
      JSON.stringify(stack.toJSON(), (key, value) => (key === 'UpdatePolicy' ? undefined : value));
    expect(withoutPolicies(hotfix)).toBe(withoutPolicies(template));
  });
});

describe('API Gateway', () => {
  test('invokes the alias, by the ARN of the function, in which sam local finds it', () => {
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      Integration: {
        IntegrationHttpMethod: 'POST',
        Uri: {
          'Fn::Join': [
            '',
            Match.arrayWith([{ 'Fn::GetAtt': ['RecoverUserFunction', 'Arn'] }, ':live/invocations']),
          ],
        },
      },
    });
  });

  test.each([
    ['POST', template],
    ['OPTIONS', recoveryTemplate({ allowedOrigins: ['https://www.example.com'] })],
  ])('may invoke the alias for %s before its deployment does', (method, stack) => {
    const [permission] = Object.entries(stack.findResources('AWS::Lambda::Permission')).filter(([id]) =>
      id.startsWith(`RecoverUserPermit${method}`),
    );
    expect(permission?.[1]['Properties']).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      FunctionName: { Ref: expect.stringMatching(/^RecoverUserFunctionAliaslive/) },
      SourceArn: { 'Fn::Join': ['', expect.arrayContaining([`/production/${method}/recover-user`])] },
    });
    const [deployment] = Object.values(stack.findResources('AWS::ApiGateway::Deployment'));
    expect(deployment?.['DependsOn']).toContain(permission?.[0]);
  });
});

test('the outputs for npm run doctor name the live versions', () => {
  for (const [functionId] of FUNCTIONS) {
    const name = `${functionId}Name`;
    expect(JSON.stringify(template.findOutputs(name)[name])).toContain(`${functionId}Aliaslive`);
  }
});
