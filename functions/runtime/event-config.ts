import { oneOf, text } from './environment.ts';

/** Where events go, and what they may hold. */
export interface EventConfig {
  /** Name or ARN of the event bus; absent: events are in the function's log. */
  busName: string | undefined;
  /** Whether events hold the user's reference, where it is known and no address. */
  includeReference: boolean;
}

/** The variables about events, which both functions read. */
export const EVENT_VARIABLES = {
  EVENT_BUS_NAME: text('the name or ARN of an event bus'),
  INCLUDE_REFERENCE: oneOf(['true', 'false']),
};

/** What these variables say once they are validated. */
export function eventConfigOf(
  data: { [Name in keyof typeof EVENT_VARIABLES]?: string | undefined },
): EventConfig {
  return {
    busName: data.EVENT_BUS_NAME || undefined,
    includeReference: data.INCLUDE_REFERENCE === 'true',
  };
}
