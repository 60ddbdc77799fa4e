import type { FaultSwitch } from '../local/fault-switch.ts';
import type { TenantFault } from '../local/tenant/tenant-controls.ts';

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

const CONNECTION_FAULTS: readonly TenantFault[] = [{ kind: 'reset' }, { kind: 'hang' }];
const ERROR_RESPONSES: readonly TenantFault[] = [{ kind: '500' }, { kind: '429', retryAfterSeconds: 1 }];
const TRANSIENT_FAULTS = [...CONNECTION_FAULTS, ...ERROR_RESPONSES];

/** The outage as the tenant's fault switch, which nothing else can change. */
export function createOutageSwitch(elapsedMs: () => number): FaultSwitch<TenantFault> {
  let requests = 0;
  let faults = 0;
  const next = (): TenantFault | undefined => {
    const now = elapsedMs();
    if (now < OUTAGE.faultyFromMs || now >= OUTAGE.healthyFromMs) return undefined;
    if (now >= OUTAGE.downFromMs) return CONNECTION_FAULTS[faults++ % CONNECTION_FAULTS.length];
    requests += 1;
    if (requests % 40 === 0) return { kind: 'lost-response' };
    // 3 of 10 requests, with each fault equally often
    return [2, 5, 8].includes(requests % 10)
      ? TRANSIENT_FAULTS[faults++ % TRANSIENT_FAULTS.length]
      : undefined;
  };
  return { current: undefined, set() {}, heal() {}, next };
}
