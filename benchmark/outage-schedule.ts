import type { FaultSwitch, LimitedFault } from '../local/fault-switch.ts';

/** The outage, in milliseconds after its start: healthy, transient faults with an API token rotation, down, healthy. */
export const OUTAGE = {
  faultyFromMs: 20_000,
  tenantRotatesAtMs: 26_000,
  secretFollowsAtMs: 28_000,
  downFromMs: 33_000,
  healthyFromMs: 48_000,
  /** The requests arrive evenly over this time. */
  arrivalsMs: 60_000,
  /** The time limit for the outbox to become empty afterwards. */
  drainMs: 25_000,
} as const;

/** Faults that every platform has; a `429` says in its own way how long to wait. */
type CommonFault = LimitedFault & { readonly kind: 'reset' | 'hang' | '500' | 'lost-response' };

const CONNECTION_FAULTS: readonly CommonFault[] = [{ kind: 'reset' }, { kind: 'hang' }];

/** The outage as the tenant's fault switch, which nothing else can change. */
export function createOutageSwitch<TooManyRequests extends LimitedFault & { readonly kind: '429' }>(
  tooManyRequests: TooManyRequests,
  elapsedMs: () => number,
): FaultSwitch<CommonFault | TooManyRequests> {
  const transientFaults = [...CONNECTION_FAULTS, { kind: '500' } as const, tooManyRequests];
  let requests = 0;
  let faults = 0;
  const next = (): CommonFault | TooManyRequests | undefined => {
    const now = elapsedMs();
    if (now < OUTAGE.faultyFromMs || now >= OUTAGE.healthyFromMs) return undefined;
    if (now >= OUTAGE.downFromMs) return CONNECTION_FAULTS[faults++ % CONNECTION_FAULTS.length];
    requests += 1;
    if (requests % 40 === 0) return { kind: 'lost-response' };
    // 3 of 10 requests, with each fault equally often
    return [2, 5, 8].includes(requests % 10) ? transientFaults[faults++ % transientFaults.length] : undefined;
  };
  return { current: undefined, set() {}, heal() {}, next };
}
