import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type AttemptLimits, DAY_MS } from './attempt-limits.ts';
import type { Deadline } from './deadline.ts';

/** A mailbox that no pseudonym equals. */
const NOBODY = 'nobody';

export interface DynamoDbAttemptLedgerOptions {
  client: Pick<DynamoDBClient, 'send'>;
  tableName: string;
  limits: AttemptLimits;
  /** The present, in milliseconds since 1970. */
  now?: () => number;
}

/** The attempts that all instances share. Its calls throw what the SDK throws. */
export interface DynamoDbAttemptLedger {
  /** Whether the mailbox may have one more attempt; if so, it has been written down. */
  admit(mailbox: string, deadline: Deadline): Promise<boolean>;
  /** Opens the connection: the very call that decides, on a condition that is never met. Writes nothing. */
  warmUp(deadline: Deadline): Promise<void>;
}

/**
 * One conditional update decides (ASVS 15.4.2: no read before it, so that of many at once exactly one passes). An item
 * keeps the times of a mailbox's latest attempts, as many as a day allows: `attempt1` is the latest, and a new one moves
 * each to the next place. It passes when the latest is old enough and the last of the places is a day old, or empty.
 * A refused attempt writes nothing, so it extends nothing.
 */
export function createDynamoDbAttemptLedger({
  client,
  tableName,
  limits,
  now = Date.now,
}: DynamoDbAttemptLedgerOptions): DynamoDbAttemptLedger {
  const places = Array.from({ length: limits.perDay }, (_, index) => `attempt${index + 1}`);
  const moves = places.slice(1).map((place, index) => `${place} = if_not_exists(${places[index]}, :never)`);
  const update = `SET ${['attempt1 = :now', ...moves, 'expiresAt = :expiresAt'].join(', ')}`;
  const last = places.at(-1);
  const condition = `(attribute_not_exists(attempt1) OR attempt1 <= :cooledDown) AND (attribute_not_exists(${last}) OR ${last} <= :dayAgo)`;

  async function decide(mailbox: string, conditions: string, { signal }: Deadline): Promise<boolean> {
    const time = now();
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { mailbox: { S: mailbox } },
          UpdateExpression: update,
          ConditionExpression: conditions,
          ExpressionAttributeValues: {
            ':now': { N: `${time}` },
            ...(moves.length > 0 && { ':never': { N: '0' } }),
            ':cooledDown': { N: `${time - limits.cooldownMs}` },
            ':dayAgo': { N: `${time - DAY_MS}` },
            // DynamoDB's time to live counts in seconds
            ':expiresAt': { N: `${Math.ceil((time + DAY_MS) / 1000)}` },
          },
        }),
        { abortSignal: signal },
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    admit: (mailbox, deadline) => decide(mailbox, condition, deadline),
    async warmUp(deadline) {
      await decide(
        NOBODY,
        `${condition} AND attribute_exists(mailbox) AND attribute_not_exists(mailbox)`,
        deadline,
      );
    },
  };
}
