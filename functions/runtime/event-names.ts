/** The `source` of every event of this service. */
export const EVENT_SOURCE = 'user-recovery';

/** The `detail-type` of each event. */
export const EVENT_TYPES = {
  requested: 'Recovery Requested',
  deliveryAttempted: 'Recovery Delivery Attempted',
  requestedByOperator: 'Recovery Requested By Operator',
  operatorActed: 'Operator Acted',
} as const;

/** The version of the events' `detail`; docs/events.md says when it changes. */
export const EVENT_VERSION = 1;
