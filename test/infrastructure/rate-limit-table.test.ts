import { describe, test } from '@jest/globals';
import { recoveryTemplate } from './synthesis.ts';

const template = recoveryTemplate();

describe('the table of the rate limiter', () => {
  test('is keyed by pseudonym, paid by request, forgets after the time to live, and can be restored', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'mailbox', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'mailbox', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 1 },
    });
  });

  test('is deleted with the stack, because nothing in it counts a day later', () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});
