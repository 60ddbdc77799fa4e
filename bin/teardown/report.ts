import type { DeletionPlan, StackResource } from './stack.ts';
import type { WaitingRequests } from './waiting-requests.ts';

/** What a deletion does, for a person to confirm. */
export function planText(stack: string, { deleted, kept }: DeletionPlan, waiting: WaitingRequests): string {
  return [
    `Stack ${stack}`,
    `deleted: ${resourcesText(deleted)}, with their data`,
    ...countsOf(deleted).map((line) => `  ${line}`),
    keptText(kept),
    waitingText(waiting),
  ].join('\n');
}

/** What stays after a deletion. */
export function keptText(kept: readonly StackResource[]): string {
  if (kept.length === 0) return 'kept: nothing';
  return [
    `kept: ${resourcesText(kept)}, at a small cost until deleted by hand`,
    ...kept.map(({ type, physicalId }) => `  ${type} ${physicalId}`),
  ].join('\n');
}

/** What is in the queues. */
export function waitingText({ outbox, deadLetters }: WaitingRequests): string {
  return `waiting: about ${outbox} in the outbox, ${deadLetters} in the dead-letter queue`;
}

function resourcesText({ length }: readonly StackResource[]): string {
  return length === 1 ? '1 resource' : `${length} resources`;
}

function countsOf(resources: readonly StackResource[]): string[] {
  return [...Map.groupBy(resources, ({ type }) => type)]
    .map(([type, { length }]) => `${type}${length === 1 ? '' : ` (${length})`}`)
    .sort();
}
