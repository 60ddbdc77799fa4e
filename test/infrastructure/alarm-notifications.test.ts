import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { EVERYTHING, propertiesOf, recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();
const notifying = recoveryTemplate(EVERYTHING);

describe('alarms', () => {
  test('notify only when alarmEmail is set', () => {
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    for (const alarm of propertiesOf(template, 'AWS::CloudWatch::Alarm'))
      expect(alarm).not.toHaveProperty('AlarmActions');

    const topic = { Ref: expect.stringMatching(/^AlarmsTopic/) };
    for (const alarm of propertiesOf(notifying, 'AWS::CloudWatch::Alarm')) {
      expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
    notifying.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
  });

  test('go through a topic that is encrypted, takes TLS only, and that CloudWatch can use', () => {
    const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
    notifying.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    notifying.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: cloudWatch,
            Condition: fromThisAccount,
          }),
        ]),
      },
    });
    notifying.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: cloudWatch, Condition: fromThisAccount })]),
      },
    });
  });
});
