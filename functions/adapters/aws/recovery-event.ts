import * as z from 'zod/mini';
import type { DeliveryOutcome, ForwardFailure, RequestOutcome } from '../../core/outcomes.ts';
import { EVENT_SOURCE, EVENT_TYPES, EVENT_VERSION } from '../../runtime/event-names.ts';

/*
 * What this service publishes on its event bus: two events of the functions, and two of the operator's commands. The
 * functions import the types only, so that the schemas are in no bundle; docs/event.schema.json is generated from them.
 */

const described = <Schema extends z.ZodMiniType>(schema: Schema, description: string) =>
  schema.check(z.describe(description));

const CAUSES = [
  'upstream-failed',
  'misconfigured',
  'token-refused',
  'token-unavailable',
  'directory-unavailable',
  'deadline-exceeded',
] as const satisfies readonly ForwardFailure[];

const OUTCOMES = [
  'forwarded',
  'not-recoverable',
  'rate-limited',
  'queued',
  'refused',
  'captcha-failed',
  'captcha-unavailable',
  'outbox-failed',
  ...CAUSES,
  'failed',
] as const satisfies readonly RequestOutcome[];

const DELIVERY_OUTCOMES = [
  'delivered',
  'not-recoverable',
  'postponed',
  'dropped',
  'duplicate',
  'failed',
] as const satisfies readonly DeliveryOutcome[];

const OPERATOR_OUTCOMES = ['queued', 'outbox-failed'] as const satisfies readonly RequestOutcome[];

const common = {
  version: described(z.literal(EVENT_VERSION), 'The version of this schema.'),
  stage: described(z.string(), 'The stage of the deployment, such as production.'),
  cause: z.optional(
    described(z.enum(CAUSES), 'Why the request was not forwarded, or its delivery was postponed.'),
  ),
  reference: z.optional(
    described(
      z.string(),
      'Only with includeReference: the external id (v0) or the identity id (v1) of the user whose request Beyond Identity accepted. Never an email address.',
    ),
  ),
};
const mailbox = described(
  z.string(),
  "The pseudonym of the user: the same for every spelling of the address, under the deployment's key.",
);
const attemptId = described(z.uuid(), 'The admitted attempt: the same in all events about it.');

/** One request that reached the endpoint's function ended. */
export const recoveryRequested = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(EVENT_TYPES.requested),
  detail: z.object({
    ...common,
    requestId: described(z.string(), 'The X-Request-Id of the response.'),
    sourceIp: z.optional(described(z.string(), 'The client IP.')),
    mailbox: z.optional(mailbox),
    attemptId: z.optional(attemptId),
    outcome: described(z.enum(OUTCOMES), 'What came of the request.'),
  }),
});

/** One delivery of a request from the outbox ended. */
export const recoveryDeliveryAttempted = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(EVENT_TYPES.deliveryAttempted),
  detail: z.object({
    ...common,
    attemptId,
    mailbox,
    outcome: described(z.enum(DELIVERY_OUTCOMES), 'What came of the delivery.'),
    waitedSeconds: described(
      z.int().check(z.minimum(0)),
      'How long the request has waited in the outbox, since it was accepted or moved back from the dead-letter queue.',
    ),
  }),
});

/** An operator sent a recovery by `npm run recover`. */
export const recoveryRequestedByOperator = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(EVENT_TYPES.requestedByOperator),
  detail: z.object({
    version: common.version,
    stage: common.stage,
    attemptId,
    mailbox,
    operator: described(z.string(), 'The ARN of the IAM identity that sent it.'),
    outcome: described(
      z.enum(OPERATOR_OUTCOMES),
      'queued: published before the request is sent to the outbox; outbox-failed: the outbox did not take it.',
    ),
  }),
});

/** An operator began an action that is about no single person. */
export const operatorActed = z.object({
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(EVENT_TYPES.operatorActed),
  detail: z.object({
    version: common.version,
    stage: common.stage,
    operator: described(z.string(), 'The ARN of the IAM identity that acts.'),
    action: described(
      z.enum(['redrive', 'teardown']),
      'redrive: dead letters go back to the outbox; teardown: the deployment is deleted.',
    ),
    requests: described(
      z.int().check(z.minimum(0)),
      'About how many requests are concerned: in the dead-letter queue, and for a teardown in the outbox, too.',
    ),
  }),
});

/** Every event that the functions publish. */
export const functionEvent = z.discriminatedUnion('detail-type', [
  recoveryRequested,
  recoveryDeliveryAttempted,
]);

export type FunctionEvent = z.infer<typeof functionEvent>;

/** Every event of this service: the part of its envelope that the service decides on. */
export const recoveryEvent = z.discriminatedUnion('detail-type', [
  ...functionEvent.def.options,
  recoveryRequestedByOperator,
  operatorActed,
]);
