import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DAY_MS } from '../recover-user/attempt-limits.ts';
import type { DeliveryRecord } from './deliver.ts';

export interface DynamoDbDeliveryRecordOptions {
  client: Pick<DynamoDBClient, 'send'>;
  /** The table of the attempts: a delivery's key looks like no pseudonym. */
  tableName: string;
  /** How long an attempt is left to whoever took it on, in milliseconds: he may have been ended half-way. */
  leaseMs: number;
  /** Told that the record could not be used, and the name of the error; must not throw. */
  failed(reason: string): void;
  /** The present, in milliseconds since 1970. */
  now(): number;
}

/**
 * The record of deliveries, a conditional update each. While the table cannot be reached, deliveries go on without it: what
 * SQS hands over twice may then be mailed twice, which is better than not at all.
 */
export function createDynamoDbDeliveryRecord(options: DynamoDbDeliveryRecordOptions): DeliveryRecord {
  const { client, tableName, leaseMs, now } = options;

  /** Whether the condition was met; `undefined` where that cannot be known. */
  async function update(
    attemptId: string,
    set: string,
    condition: string,
    values: Record<string, number>,
  ): Promise<boolean | undefined> {
    const numbers = Object.entries({ ...values, ':expiresAt': Math.ceil((now() + DAY_MS) / 1000) });
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { mailbox: { S: `delivery ${attemptId}` } },
          UpdateExpression: `SET ${set}, expiresAt = :expiresAt`,
          ConditionExpression: condition,
          ExpressionAttributeValues: Object.fromEntries(
            numbers.map(([name, value]) => [name, { N: `${value}` }]),
          ),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      options.failed(error instanceof Error ? error.name : typeof error);
      return undefined;
    }
  }

  return {
    async claim(attemptId) {
      const isClaimed = await update(
        attemptId,
        'claimedUntil = :until',
        'attribute_not_exists(deliveredAt) AND (attribute_not_exists(claimedUntil) OR claimedUntil <= :now)',
        { ':until': now() + leaseMs, ':now': now() },
      );
      if (isClaimed !== false) return 'claimed';
      const isDelivered = await update(attemptId, 'seenAgainAt = :now', 'attribute_exists(deliveredAt)', {
        ':now': now(),
      });
      return isDelivered ? 'delivered' : 'busy';
    },
    async delivered(attemptId) {
      await update(attemptId, 'deliveredAt = :now', 'attribute_not_exists(deliveredAt)', { ':now': now() });
    },
    async release(attemptId) {
      await update(attemptId, 'claimedUntil = :never', 'attribute_exists(claimedUntil)', { ':never': 0 });
    },
  };
}
