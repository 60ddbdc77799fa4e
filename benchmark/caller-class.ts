import type { RequestOutcome } from '../functions/runtime/metric-names.ts';
import { normal, type Random } from './random.ts';

/** What an address may be to the service, and what nobody may learn of it by the time of an answer. */
export const CALLER_CLASSES = ['known', 'unknown', 'suspended', 'rate-limited'] as const;

export type CallerClass = (typeof CALLER_CLASSES)[number];

/** What a request for an address of a class is to come to; otherwise something else was measured. */
export const EXPECTED_OUTCOME: Readonly<Record<CallerClass, RequestOutcome>> = {
  known: 'forwarded',
  unknown: 'not-recoverable',
  suspended: 'not-recoverable',
  'rate-limited': 'rate-limited',
};

/** How the tenant answers a class. */
export interface TenantAnswer {
  readonly status: number;
  readonly body: object;
  /** Mean and standard deviation of the time it takes, in milliseconds. */
  readonly latencyMs: { readonly mean: number; readonly standardDeviation: number };
}

const UNKNOWN: TenantAnswer = {
  status: 404,
  body: { message: 'User not found' },
  latencyMs: { mean: 25, standardDeviation: 10 },
};

/**
 * The tenant takes the longer the more it has to do, as real ones do. Addresses of the rate limited are nobody's: it sees
 * the attempt that uses up their share, and none after that.
 */
export const TENANT_ANSWERS: Readonly<Record<CallerClass, TenantAnswer>> = {
  known: {
    status: 200,
    body: { internal_id: '0123456789abcdef', status: 'USER_STATUS_ACTIVE' },
    latencyMs: { mean: 180, standardDeviation: 60 },
  },
  unknown: UNKNOWN,
  suspended: {
    status: 409,
    body: { message: 'User is suspended' },
    latencyMs: { mean: 60, standardDeviation: 20 },
  },
  'rate-limited': UNKNOWN,
};

/** The shortest time that the tenant takes, in milliseconds: a normal distribution has values below 0. */
const SHORTEST_LATENCY_MS = 1;

/** How long the tenant takes this time, in milliseconds. */
export function tenantLatencyMs({ latencyMs }: TenantAnswer, random: Random): number {
  return Math.max(SHORTEST_LATENCY_MS, normal(random, latencyMs.mean, latencyMs.standardDeviation));
}

/** An address that tells its class to the tenant; all are as long, so that no time depends on their length. */
export function addressOf(callerClass: CallerClass, number: number): string {
  return `${callerClass.padEnd(12, '-')}${String(number).padStart(7, '0')}@example.com`;
}

/** The class that an address tells, if it does. */
export function classOf(address: string): CallerClass | undefined {
  return CALLER_CLASSES.find((callerClass) => address.startsWith(callerClass.padEnd(12, '-')));
}
