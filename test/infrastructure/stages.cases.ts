import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { propertiesOf, recoveryTemplate } from './synthesis.ts';

const everything = {
  captcha: { provider: 'turnstile', siteKey: 'the-site-key' },
  recoveryPage: true,
  alarmEmail: 'on-call@example.com',
};
const production = recoveryTemplate(everything);
const staging = recoveryTemplate(everything, 'staging');

/** The properties by which CloudFormation takes a name of our choice, which an account and region has once. */
const PHYSICAL_NAME =
  /^(QueueName|TableName|FunctionName|RoleName|LogGroupName|TopicName|DashboardName|RuleName|AlarmName|BucketName|Name)$/;

function physicalNames(template: typeof production): string[] {
  const resources = z
    .record(z.string(), z.looseObject({ Properties: z.record(z.string(), z.unknown()).optional() }))
    .parse(template.toJSON()['Resources']);
  return Object.entries(resources).flatMap(([id, { Properties = {} }]) =>
    Object.entries(Properties)
      .filter(([name, value]) => PHYSICAL_NAME.test(name) && !isOfTheStack(value))
      .map(([name, value]) => `${id}.${name}=${JSON.stringify(value)}`),
  );
}

/** A name that CloudFormation makes, or that refers to a resource of the same stack. */
function isOfTheStack(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'Ref' in value;
}

describe('two stages in one account and region', () => {
  test('share no physical name', () => {
    const names = physicalNames(production);
    expect(names.length).toBeGreaterThan(3);
    const shared = physicalNames(staging).filter((name) => names.includes(name));
    // names of rules within a web ACL, and of the API's own parts, which are nobody else's
    expect(shared.filter((name) => !/^(RecoveryEndpoint|WebAcl).*\.Name=/.test(name))).toEqual([]);
  });

  test('share no metric: each has its stage as a dimension', () => {
    const dimensionsOf = (template: typeof production) =>
      propertiesOf(template, 'AWS::CloudWatch::Alarm')
        .filter(({ Namespace }) => Namespace === 'UserRecovery')
        .map(({ Dimensions }) => Dimensions);
    for (const [template, stage] of [
      [production, 'production'],
      [staging, 'staging'],
    ] as const) {
      expect(dimensionsOf(template).length).toBeGreaterThan(5);
      for (const dimensions of dimensionsOf(template)) {
        expect(dimensions).toEqual([
          { Name: 'service', Value: 'recover-user' },
          { Name: 'stage', Value: stage },
        ]);
      }
      expect(JSON.stringify(propertiesOf(template, 'AWS::CloudWatch::Dashboard'))).toContain(
        `\\"stage\\",\\"${stage}\\"`,
      );
    }
  });

  test('tell their functions which stage they are', () => {
    for (const [template, stage] of [
      [production, 'production'],
      [staging, 'staging'],
    ] as const) {
      for (const { Environment } of propertiesOf(template, 'AWS::Lambda::Function').filter(
        ({ FunctionName, Environment }) =>
          FunctionName === undefined && JSON.stringify(Environment)?.includes('ATTEMPTS'),
      )) {
        expect(Environment).toMatchObject({ Variables: { STAGE: stage } });
      }
    }
  });

  test('are tagged with their stage', () => {
    expect(propertiesOf(staging, 'AWS::SQS::Queue')[0]?.['Tags']).toEqual(
      expect.arrayContaining([
        { Key: 'service', Value: 'recover-user' },
        { Key: 'stage', Value: 'staging' },
      ]),
    );
  });

  test("leave the account's role for API Gateway alone unless the configuration claims it", () => {
    production.resourceCountIs('AWS::ApiGateway::Account', 0);
    recoveryTemplate({ accountCloudWatchRole: true }).resourceCountIs('AWS::ApiGateway::Account', 1);
  });
});
