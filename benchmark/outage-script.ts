import type { FaultSwitch } from '../local/fault-switch.ts';
import type { TenantFault } from '../local/tenant/tenant-controls.ts';

/** How the tenant is, one phase after the other. */
export type Condition = 'healthy' | 'faulty' | 'dark';

/** A phase of the outage, from `fromMs` milliseconds after its start until the next one. */
export interface Phase {
  readonly fromMs: number;
  readonly condition: Condition;
}

/**
 * The outage: healthy, then three requests of ten hit by a fault, then no answer at all, then healthy again. In the midst of
 * the faults the API token is rotated: first the tenant takes the new one only, then the secret holds it.
 */
export const OUTAGE = {
  phases: [
    { fromMs: 0, condition: 'healthy' },
    { fromMs: 20_000, condition: 'faulty' },
    { fromMs: 33_000, condition: 'dark' },
    { fromMs: 48_000, condition: 'healthy' },
  ],
  tenantRotatesAtMs: 26_000,
  secretFollowsAtMs: 28_000,
  /** The requests arrive evenly over this time, in milliseconds. */
  arrivalsMs: 60_000,
  /** How long the outbox may take afterwards until it is empty, in milliseconds. */
  drainMs: 25_000,
} as const satisfies { phases: readonly Phase[]; [name: string]: unknown };

/** Of ten requests, the ones that a fault hits while the tenant is faulty. */
const FAULTY_OF_TEN = [1, 4, 7];
const FAULTS: readonly TenantFault[] = [
  { kind: '429', retryAfterSeconds: 1 },
  { kind: '500' },
  { kind: 'reset' },
  { kind: 'hang' },
];
const DARK_FAULTS: readonly TenantFault[] = [{ kind: 'reset' }, { kind: 'hang' }];

/** Every so many requests in the faulty phase, the tenant does what it is asked for and its answer is lost. */
const LOST_RESPONSE_EVERY = 40;

/** How the tenant is after so many milliseconds. */
export function conditionAt(elapsedMs: number): Condition {
  return OUTAGE.phases.findLast(({ fromMs }) => fromMs <= elapsedMs)?.condition ?? 'healthy';
}

/** The fault that hits the request with this number, counted from 0 within the phase. */
export function faultOf(condition: Condition, number: number): TenantFault | undefined {
  if (condition === 'healthy') return undefined;
  if (condition === 'dark') return DARK_FAULTS[number % DARK_FAULTS.length];
  if (number % LOST_RESPONSE_EVERY === LOST_RESPONSE_EVERY / 2) return { kind: 'lost-response' };
  const place = FAULTY_OF_TEN.indexOf(number % 10);
  if (place < 0) return undefined;
  const faultsBefore = Math.floor(number / 10) * FAULTY_OF_TEN.length + place;
  return FAULTS[faultsBefore % FAULTS.length];
}

/** The outage as a tenant's fault switch, which nobody else can turn; `elapsedMs` is the time since its start. */
export function createOutageSwitch(elapsedMs: () => number): FaultSwitch<TenantFault> {
  const requests = new Map<Condition, number>();
  return {
    current: undefined,
    set() {},
    heal() {},
    next() {
      const condition = conditionAt(elapsedMs());
      const number = requests.get(condition) ?? 0;
      requests.set(condition, number + 1);
      return faultOf(condition, number);
    },
  };
}
