import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Deadline } from '../../core/deadline.ts';
import { DAY_MS, type RateLimiter, type RateLimits } from '../../core/rate-limiter.ts';

/** A key that can never equal a pseudonym. */
const NOBODY = 'nobody';

export interface DynamoDbRateLimiterOptions {
  client: Pick<DynamoDBClient, 'send'>;
  tableName: string;
  limits: RateLimits;
  /** The present, in milliseconds since 1970. */
  now?: () => number;
}

/** The attempts that all instances share. Its calls throw what the SDK throws, and `DeadlineExceeded`. */
export interface DynamoDbRateLimiter extends RateLimiter {
  /** Opens the connection: the very call that decides, on a condition that is never met. Writes nothing. */
  warmUp(deadline: Deadline): Promise<void>;
}

/**
 * One conditional update decides (ASVS 15.4.2: no read before it, so that of many at once exactly one passes). An item
 * keeps the times of a mailbox's latest attempts, as many as a day allows: `attempt1` is the latest, and a new one moves
 * each to the next place. It passes when the latest is old enough and the last of the places is a day old, or empty.
 * A rejected attempt writes nothing, so it extends nothing.
 */
export function createDynamoDbRateLimiter({
  client,
  tableName,
  limits,
  now = Date.now,
}: DynamoDbRateLimiterOptions): DynamoDbRateLimiter {
  const places = Array.from({ length: limits.perDay }, (_, index) => `attempt${index + 1}`);
  const moves = places.slice(1).map((place, index) => `${place} = if_not_exists(${places[index]}, :never)`);
  const last = places.at(-1);
  const admitted = `SET ${['attempt1 = :now', ...moves, 'lastAttemptId = :id', 'expiresAt = :expiresAt'].join(', ')}`;
  const mayHaveOneMore = `(attribute_not_exists(attempt1) OR attempt1 <= :cooledDown) AND (attribute_not_exists(${last}) OR ${last} <= :dayAgo)`;

  /** Resolves with whether the condition was met, and how often the SDK had to send the update for that. */
  async function update(
    mailbox: string,
    expression: string,
    condition: string,
    values: Record<string, { N: string } | { S: string }>,
    deadline: Deadline,
  ): Promise<{ isMet: boolean; sent: number }> {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: { mailbox: { S: mailbox } },
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
    try {
      await deadline.enforce((abortSignal) => client.send(command, { abortSignal }));
      return { isMet: true, sent: 1 };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { isMet: false, sent: error.$metadata.attempts ?? 1 };
    }
  }

  function decide(mailbox: string, condition: string, time: number, id: string, deadline: Deadline) {
    const values = {
      ':now': number(time),
      ...(moves.length > 0 && { ':never': number(0) }),
      ':id': { S: id },
      ':cooledDown': number(time - limits.cooldownMs),
      ':dayAgo': number(time - DAY_MS),
      // DynamoDB's time to live counts in seconds
      ':expiresAt': number(Math.ceil((time + DAY_MS) / 1000)),
    };
    return update(mailbox, admitted, condition, values, deadline);
  }

  /** Whether this attempt is the mailbox's latest: the first try has written it, and only its response was lost. */
  async function isWritten(mailbox: string, id: string, time: number, deadline: Deadline): Promise<boolean> {
    const values = { ':id': { S: id }, ':expiresAt': number(Math.ceil((time + DAY_MS) / 1000)) };
    return (await update(mailbox, 'SET expiresAt = :expiresAt', 'lastAttemptId = :id', values, deadline))
      .isMet;
  }

  /** Takes the attempt of this time out of wherever newer ones have moved it to. */
  async function release(mailbox: string, time: number, deadline: Deadline): Promise<void> {
    for (const [index, place] of places.entries()) {
      const older = places.slice(index + 1);
      const moved = older.map((next, step) => `${places[index + step]} = if_not_exists(${next}, :never)`);
      const expression = `SET ${[...moved, `${last} = :never`].join(', ')}`;
      const values = { ':never': number(0), ':time': number(time) };
      const { isMet } = await update(mailbox, expression, `${place} = :time`, values, deadline);
      if (isMet) return;
    }
  }

  return {
    async admit(mailbox, deadline) {
      const time = now();
      const id = randomUUID();
      const { isMet, sent } = await decide(mailbox, mayHaveOneMore, time, id, deadline);
      if (!isMet && (sent === 1 || !(await isWritten(mailbox, id, time, deadline)))) return undefined;
      return { release: (releaseDeadline) => release(mailbox, time, releaseDeadline) };
    },
    async warmUp(deadline) {
      const never = `${mayHaveOneMore} AND attribute_exists(mailbox) AND attribute_not_exists(mailbox)`;
      await decide(NOBODY, never, now(), NOBODY, deadline);
    },
  };
}

function number(value: number): { N: string } {
  return { N: `${value}` };
}
