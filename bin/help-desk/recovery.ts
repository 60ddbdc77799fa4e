import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OutboxMessage } from '../../functions/adapters/aws/outbox-message.ts';
import { EVENT_TYPES } from '../../functions/runtime/event-names.ts';
import { callDeadline, explain, OperatorError } from '../stack-outputs.ts';
import { publishOperatorEvent } from './operator-event.ts';

/** A recovery that an operator sends. */
export interface OperatorRecovery {
  stage: string;
  eventBusName: string;
  outboxQueueUrl: string;
  /** As the endpoint forwards it. */
  address: string;
  /** The pseudonym of the address. */
  mailbox: string;
  /** The ARN of who sends it. */
  operator: string;
}

/**
 * Puts a recovery into the outbox, past the rate limiter; resolves with its attempt id. The event comes first, so that
 * nobody sends one without it; a request that the outbox does not take has a second one. Throws {@link OperatorError}.
 */
export async function sendRecovery(
  { stage, eventBusName, outboxQueueUrl, address, mailbox, operator }: OperatorRecovery,
  permissions: string,
): Promise<string> {
  const attemptId = randomUUID();
  const publish = (outcome: 'queued' | 'outbox-failed') =>
    publishOperatorEvent(
      { name: eventBusName, permissions },
      { type: EVENT_TYPES.requestedByOperator, detail: { stage, attemptId, mailbox, operator, outcome } },
    );
  if (!(await publish('queued'))) {
    throw new OperatorError(
      `There is no event bus ${eventBusName}, and nothing is sent without an event of who does it. Deploy the stack again.`,
    );
  }
  const now = Date.now();
  const message: OutboxMessage = {
    attemptId,
    address,
    mailbox,
    acceptedAt: now,
    sentAt: now,
    postponements: 0,
  };
  const command = new SendMessageCommand({
    QueueUrl: outboxQueueUrl,
    MessageBody: JSON.stringify(message),
  });
  try {
    await new SQSClient().send(command, callDeadline());
    return attemptId;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // what the operator has to know is the error of the outbox
    await publish('outbox-failed').catch(() => undefined);
    throw new OperatorError(explain('The outbox did not take the recovery', error, permissions));
  }
}
