import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Deadline } from '../../core/deadline.ts';
import type { DeliveryRecord } from '../../core/deliver.ts';
import { DAY_MS } from '../../core/rate-limiter.ts';
import { startDeadline } from '../../runtime/deadline.ts';

export interface DynamoDbDeliveryRecordOptions {
  client: Pick<DynamoDBClient, 'send'>;
  /** The table of the attempts: a delivery's key looks like no pseudonym. */
  tableName: string;
  /** How long an attempt is left to the delivery that took it on, in milliseconds: it may have crashed midway. */
  leaseMs: number;
  /** How long one operation may take, in milliseconds. */
  timeoutMs: number;
  /** Called with the name of the error when the record cannot be used; must not throw. */
  failed(reason: string): void;
  /** The present, in milliseconds since 1970. */
  now(): number;
}

/**
 * The record of deliveries, a conditional update each. While the table cannot be reached, deliveries go on without it: what
 * SQS hands over twice may then lead to two emails, which is better than not at all.
 */
export function createDynamoDbDeliveryRecord(options: DynamoDbDeliveryRecordOptions): DeliveryRecord {
  const { client, tableName, leaseMs, timeoutMs, now } = options;

  /** Whether the condition was met; `undefined` where that cannot be known. */
  async function update(
    attemptId: string,
    set: string,
    condition: string,
    values: Record<string, number>,
    deadline: Deadline,
  ): Promise<boolean | undefined> {
    const numbers = Object.entries({ ...values, ':expiresAt': Math.ceil((now() + DAY_MS) / 1000) });
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: { mailbox: { S: `delivery ${attemptId}` } },
      UpdateExpression: `SET ${set}, expiresAt = :expiresAt`,
      ConditionExpression: condition,
      ExpressionAttributeValues: Object.fromEntries(
        numbers.map(([name, value]) => [name, { N: `${value}` }]),
      ),
    });
    try {
      await deadline.enforce((abortSignal) => client.send(command, { abortSignal }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      options.failed(error instanceof Error ? error.name : typeof error);
      return undefined;
    }
  }

  async function inTime<Result>(operation: (deadline: Deadline) => Promise<Result>): Promise<Result> {
    const deadline = startDeadline(timeoutMs);
    return operation(deadline).finally(deadline.clear);
  }

  return {
    claim: (attemptId) =>
      inTime(async (deadline) => {
        const isClaimed = await update(
          attemptId,
          'claimedUntil = :until',
          'attribute_not_exists(doneAt) AND (attribute_not_exists(claimedUntil) OR claimedUntil <= :now)',
          { ':until': now() + leaseMs, ':now': now() },
          deadline,
        );
        if (isClaimed !== false) return 'claimed';
        const isDone = await update(
          attemptId,
          'seenAgainAt = :now',
          'attribute_exists(doneAt)',
          { ':now': now() },
          deadline,
        );
        return isDone ? 'done' : 'busy';
      }),
    complete: (attemptId) =>
      inTime(async (deadline) => {
        const values = { ':now': now() };
        await update(attemptId, 'doneAt = :now', 'attribute_not_exists(doneAt)', values, deadline);
      }),
    release: (attemptId) =>
      inTime(async (deadline) => {
        const values = { ':never': 0 };
        await update(attemptId, 'claimedUntil = :never', 'attribute_exists(claimedUntil)', values, deadline);
      }),
  };
}
