// The server and the browsers' scripts share this file, so it imports nothing.

/** The name of each failure of a tenant, which the panel's buttons, its summary and the steps use alike. */
export const FAULT_NAMES = {
  '401': 'Error 401',
  '403': 'Error 403',
  '429': 'Error 429',
  '500': 'Error 500',
  slow: 'Slow response',
  'late-response': 'Late response',
  hang: 'No response',
  reset: 'Connection reset',
  'not-json': 'HTML page',
  'lost-response': 'Lost response',
} as const;

const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(FAULT_NAMES));

/** The name of a failure; of an unknown one, its kind. */
export function faultName(kind: string): string {
  return NAMES.get(kind) ?? kind;
}

/** A failure that the panel can simulate, as the control endpoint takes it. */
export interface FaultChoice {
  readonly kind: keyof typeof FAULT_NAMES;
  readonly delayMs?: number;
  readonly times?: number;
}

/** The failures that the panel offers, on every platform. */
export const FAULT_CHOICES: readonly FaultChoice[] = [
  { kind: '500' },
  { kind: '429' },
  { kind: 'slow', delayMs: 3000 },
  { kind: 'hang' },
  { kind: 'reset' },
  { kind: 'not-json' },
  { kind: 'lost-response', times: 1 },
];
