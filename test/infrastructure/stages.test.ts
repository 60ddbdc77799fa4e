import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { EVERYTHING, environmentOf, propertiesOf, recoveryTemplate } from './synthesis.ts';

const production = recoveryTemplate(EVERYTHING);
const staging = recoveryTemplate(EVERYTHING, { stage: 'staging' });

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
  return typeof value === 'object' && JSON.stringify(value).includes('"Ref"');
}

describe('two stages in one account and region', () => {
  test('share no physical name', () => {
    const names = physicalNames(production);
    expect(names.length).toBeGreaterThan(3);
    const shared = physicalNames(staging).filter((name) => names.includes(name));
    // names of rules within a web ACL, of the API's own parts and of a function's aliases, which are nobody else's
    const own = /^(RecoveryEndpoint|WebAcl|\w+FunctionAlias).*\.Name=/;
    expect(shared.filter((name) => !own.test(name))).toEqual([]);
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

  test.each([
    ['production', production],
    ['staging', staging],
  ])('have their stage in the environment of their functions: %s', (stage, template) => {
    for (const id of ['RecoverUserFunction', 'DeliverOutboxFunction']) {
      expect(environmentOf(template, id)).toMatchObject({ STAGE: stage });
    }
  });
});
