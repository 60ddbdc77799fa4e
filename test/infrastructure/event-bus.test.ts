import { describe, expect, test } from '@jest/globals';
import { problemsOf } from './config-with.ts';
import { onlyPropertiesOf, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();

describe('the event bus', () => {
  test('is the one whose name is an output, and no other stage has its name', () => {
    const { Name } = onlyPropertiesOf(template, 'AWS::Events::EventBus');
    const staging = recoveryTemplate({}, { stage: 'staging' });
    expect(onlyPropertiesOf(staging, 'AWS::Events::EventBus')['Name']).not.toBe(Name);
    expect(template.findOutputs('EventBusName')['EventBusName']).toMatchObject({
      Value: { Ref: expect.stringMatching(/^EventsBus/) },
    });
  });

  test('keeps every event of the service in an archive for 30 days', () => {
    expect(onlyPropertiesOf(template, 'AWS::Events::Archive')).toMatchObject({
      SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^EventsBus/), 'Arn'] },
      EventPattern: { source: ['user-recovery'] },
      RetentionDays: 30,
    });
  });

  test('is open to the roles of the functions only: it has no policy for others', () => {
    template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });
});

describe('includeReference', () => {
  test('is rejected on v0 with the directory "email", whose references are addresses', () => {
    expect(problemsOf({ includeReference: true })).toEqual([
      'includeReference is true, but on v0 the reference of a user in the directory "email" is the address, which no event holds; set it to false, or set directory',
    ]);
  });

  test('must be true or false', () => {
    expect(problemsOf({ includeReference: 'yes' })).toEqual([
      'includeReference is "yes"; it must be true (events hold the external id or identity id of users) or false',
    ]);
  });

  test('may be left out: events then hold no reference', () => {
    expect(problemsOf({ includeReference: undefined })).toEqual([]);
  });
});
