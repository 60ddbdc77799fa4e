import { setTimeout as sleep } from 'node:timers/promises';
import { probit } from 'simple-statistics';
import type { RequestOutcome } from '../functions/core/outcomes.ts';
import { readBody, sendJson, startHttpServer } from '../local/http-server.ts';
import { externalIdIn, RECOVER_USER_PATH } from '../local/tenant/recover-user-operation.ts';

/** What an email address may be to the service, and what response times must not reveal. */
export const CALLER_CLASSES = ['known', 'unknown', 'suspended', 'rate-limited'] as const;

export type CallerClass = (typeof CALLER_CLASSES)[number];

const USER = { internal_id: '0123456789abcdef', status: 'USER_STATUS_ACTIVE' };
const NOT_FOUND = { status: 404, body: { message: 'User not found' }, meanMs: 25, deviationMs: 10 };
const SUSPENDED = { status: 409, body: { message: 'User is suspended' }, meanMs: 60, deviationMs: 20 };

/**
 * The outcome that the function must log for a class, and the response of the tenant with its normally distributed latency.
 * Rate-limited addresses are those of unknown users; only their first attempt reaches the tenant.
 */
export const CLASS_BEHAVIOR = {
  known: { outcome: 'forwarded', status: 200, body: USER, meanMs: 180, deviationMs: 60 },
  unknown: { outcome: 'not-recoverable', ...NOT_FOUND },
  suspended: { outcome: 'not-recoverable', ...SUSPENDED },
  'rate-limited': { outcome: 'rate-limited', ...NOT_FOUND },
} as const satisfies Record<CallerClass, { outcome: RequestOutcome; [name: string]: unknown }>;

/** An email address of a class. All have the same length, so that no time depends on it. */
export function emailOf(callerClass: CallerClass, number: number): string {
  return `${callerClass.padEnd(12, '-')}${String(number).padStart(7, '0')}@example.com`;
}

const MAXIMUM_BODY_BYTES = 4096;

/** A tenant that responds as the class of an address demands (unless it `isInstant`, with its latency), and to every other address immediately as a known user. */
export async function startTenantWithLatency({ isInstant = false } = {}) {
  let recoveries = 0;
  const server = await startHttpServer(async (request, response) => {
    const body = (await readBody(request, MAXIMUM_BODY_BYTES)) ?? '';
    if (request.method !== 'POST' || request.url !== RECOVER_USER_PATH) return sendJson(response, 404, {});
    recoveries += 1;
    const email = externalIdIn(body);
    const callerClass = CALLER_CLASSES.find((name) => email?.startsWith(name.padEnd(12, '-')));
    if (!callerClass) return sendJson(response, 200, USER);
    const { status, body: user, meanMs, deviationMs } = CLASS_BEHAVIOR[callerClass];
    if (!isInstant) await sleep(Math.max(0, meanMs + deviationMs * probit(Math.random())));
    sendJson(response, status, user);
  });
  return { ...server, recoveries: () => recoveries };
}
