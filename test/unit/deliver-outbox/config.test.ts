import { describe, expect, test } from '@jest/globals';
import { readDeliveryConfig } from '../../../functions/deliver-outbox/config.ts';

describe('readDeliveryConfig', () => {
  const COMPLETE = {
    API_TOKEN_SECRET_ID: 'the-secret',
    ATTEMPTS_TABLE_NAME: 'attempts',
    OUTBOX_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/outbox',
  };

  test('keeps a request for an hour by default', () => {
    expect(readDeliveryConfig(COMPLETE)).toEqual({
      stage: 'local',
      credentialSecretId: 'the-secret',
      beyondIdentity: { platform: 'v0', apiUrl: new URL('https://api.byndid.com') },
      directory: { type: 'email' },
      attemptsTableName: 'attempts',
      outboxQueueUrl: COMPLETE.OUTBOX_QUEUE_URL,
      maximumAgeMs: 3_600_000,
      events: { busName: undefined, includeReference: false },
    });
    expect(() => readDeliveryConfig({ ...COMPLETE, STAGE: 'a b' })).toThrow(
      'STAGE must be the name of a stage',
    );
    const given = {
      STAGE: 'staging',
      OUTBOX_MAXIMUM_AGE_SECONDS: '60',
      EVENT_BUS_NAME: 'the-bus',
      INCLUDE_REFERENCE: 'true',
      BEYOND_IDENTITY_API_URL: 'https://api-eu.byndid.com',
    };
    expect(readDeliveryConfig({ ...COMPLETE, ...given })).toMatchObject({
      stage: 'staging',
      maximumAgeMs: 60_000,
      events: { busName: 'the-bus', includeReference: true },
      beyondIdentity: { apiUrl: new URL('https://api-eu.byndid.com') },
    });
  });

  test('names every missing variable', () => {
    expect(() => readDeliveryConfig({})).toThrow(
      /API_TOKEN_SECRET_ID.*ATTEMPTS_TABLE_NAME.*OUTBOX_QUEUE_URL/,
    );
  });
});
