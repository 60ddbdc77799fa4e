import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readPostTrafficConfig } from '../../functions/release-hooks/config.ts';
import { TIMEOUTS } from '../../functions/runtime/timeouts.ts';
import { environmentOf, onlyPropertiesOf, recoveryTemplate, statementsOf } from './synthesis.ts';

const CUSTOM_DOMAIN = {
  domainName: 'recovery.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0e-1',
};

const template = recoveryTemplate();

const policy = z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) });
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** The ARN of a function with this behind it. */
const qualified = (functionId: string, qualifier: string) => ({
  'Fn::Join': ['', [arnOf(functionId), qualifier]],
});

/** The ARN of the deployment group of a function. */
const groupArn = (group: string) => ({
  'Fn::Join': [
    '',
    expect.arrayContaining([
      ':deploymentgroup:',
      { Ref: expect.stringMatching(`^Release${group}DeploymentGroup`) },
    ]),
  ],
});

const REPORT = 'codedeploy:PutLifecycleEventHookExecutionStatus';

/** What a hook may do besides writing its own log and traces. */
function rightsOf(hook: string): unknown[] {
  return statementsOf(template, `Release${hook}`).filter(
    ({ Action }) => !/"(xray|logs):/.test(JSON.stringify(Action)),
  );
}

describe.each(['PreTrafficHook', 'PostTrafficHook'])('the %s', (hook) => {
  test('runs like the other functions, and long enough to report what takes too long', () => {
    const properties = onlyPropertiesOf(template, 'AWS::Lambda::Function', hook);
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.stringMatching(`^Release${hook}Logs`) } },
    });
    const longestMs = 10_000 + TIMEOUTS.releaseMs + TIMEOUTS.releaseReportMs;
    expect(Number(properties['Timeout']) * 1000).toBeGreaterThan(longestMs);
  });
});

describe('the pre-traffic hook', () => {
  test('tests the versions that the aliases move to', () => {
    const { RELEASED_VERSION_ARNS: arns } = environmentOf(template, 'PreTrafficHook');
    const versions = Object.keys(template.findResources('AWS::Lambda::Version'));
    expect(versions).toHaveLength(2);
    expect(arns).toEqual({
      'Fn::Join': ['', expect.arrayContaining([',', ...versions.map((Ref) => ({ Ref }))])],
    });
  });

  test('may invoke versions of the two functions, report to CodeDeploy, and nothing else', () => {
    expect(rightsOf('PreTrafficHook')).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: [qualified('DeliverOutboxFunction', ':*'), qualified('RecoverUserFunction', ':*')],
      },
      { Effect: 'Allow', Action: REPORT, Resource: [groupArn('Delivery'), groupArn('Endpoint')] },
    ]);
  });
});

describe('the post-traffic hook', () => {
  test('may report to CodeDeploy, and nothing else', () => {
    expect(rightsOf('PostTrafficHook')).toEqual([
      { Effect: 'Allow', Action: REPORT, Resource: groupArn('Endpoint') },
    ]);
  });

  test('calls the endpoint, without a reference to what comes after it', () => {
    const { ENDPOINT_URL } = environmentOf(template, 'PostTrafficHook');
    expect(textOf(ENDPOINT_URL)).toBe(
      'https://<RecoveryEndpointApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/production/recover-user',
    );
  });

  test('calls the custom domain where there is one, because the API has no other then', () => {
    const url = environmentOf(recoveryTemplate(CUSTOM_DOMAIN), 'PostTrafficHook')['ENDPOINT_URL'];
    expect(url).toBe('https://recovery.example.com/recover-user');
    expect(readPostTrafficConfig({ ENDPOINT_URL: String(url) }).endpointUrl.href).toBe(url);
  });
});

describe.each([
  ['Endpoint', 'RecoverUserFunction', [arnOf('PostTrafficHook'), arnOf('PreTrafficHook')]],
  ['Delivery', 'DeliverOutboxFunction', arnOf('PreTrafficHook')],
] as const)("CodeDeploy's role for the release %s", (group, functionId, hooks) => {
  test('may move this alias, invoke its hooks, read alarms, and nothing else', () => {
    expect(statements(template, `Release${group}Role`)).toEqual([
      {
        Effect: 'Allow',
        Action: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
        Resource: [arnOf(functionId), qualified(functionId, ':live')],
      },
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: hooks },
      { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: '*' },
    ]);
    const role = onlyPropertiesOf(template, 'AWS::IAM::Role', `Release${group}Role`);
    expect(role['ManagedPolicyArns']).toBeUndefined();
    expect(JSON.stringify(role['AssumeRolePolicyDocument'])).toContain(
      '"Service":"codedeploy.amazonaws.com"',
    );
  });
});

function statements(stack: Template, role: string): unknown[] {
  return policy.parse(onlyPropertiesOf(stack, 'AWS::IAM::Policy', role)).PolicyDocument.Statement;
}

const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

/** A text of the template, with the ids of what it refers to, without the digits of the CDK's. */
function textOf(value: unknown): string {
  return join
    .parse(value)
    ['Fn::Join'][1].map((part) =>
      typeof part === 'string'
        ? part
        : `<${z
            .object({ Ref: z.string() })
            .parse(part)
            .Ref.replace(/[0-9A-F]{8}$/, '')}>`,
    )
    .join('');
}
