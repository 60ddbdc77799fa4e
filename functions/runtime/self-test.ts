import * as z from 'zod/mini';
import type { Deadline } from '../core/deadline.ts';
import type { SelfTestReport } from '../core/self-test.ts';
import type { Context } from './context.ts';
import { startDeadline } from './deadline.ts';

/**
 * The event that has a function test itself. Neither API Gateway nor SQS can send it: theirs have other properties, which
 * are ruled out.
 */
const selfTestEvent = z.object({
  kind: z.literal('self-test'),
  httpMethod: z.optional(z.undefined()),
  requestContext: z.optional(z.undefined()),
  Records: z.optional(z.undefined()),
});

/** An event that has a function test itself. */
export interface SelfTestEvent {
  kind: 'self-test';
}

/** A Lambda handler that also tests itself. */
export interface TestableHandler<Event, Context, Result> {
  (event: SelfTestEvent, context: Context): Promise<SelfTestReport>;
  (event: Event, context: Context): Promise<Result>;
}

/** Hands an event that asks for a self-test to the self-test, and any other one to the handler. */
export function withSelfTest<Event, Context, Result>(
  handler: (event: Event, context: Context) => Promise<Result>,
  selfTest: () => Promise<SelfTestReport>,
): TestableHandler<Event, Context, Result> {
  function route(event: SelfTestEvent, context: Context): Promise<SelfTestReport>;
  function route(event: Event, context: Context): Promise<Result>;
  function route(event: Event | SelfTestEvent, context: Context): Promise<Result | SelfTestReport> {
    return isSelfTest(event) ? selfTest() : handler(event, context);
  }
  return route;
}

function isSelfTest(event: unknown): event is SelfTestEvent {
  return selfTestEvent.safeParse(event).success;
}

/** Runs a self-test in its time, and reports it as a metric and in the log. */
export async function runSelfTest(
  test: (deadline: Deadline) => Promise<Omit<SelfTestReport, 'status'>>,
  { telemetry, timeouts }: Context,
): Promise<SelfTestReport> {
  const deadline = startDeadline(timeouts.selfTestMs);
  const { checks, tokenDaysLeft } = await test(deadline).finally(deadline.clear);
  const status = checks.every((check) => check.status === 'ok') ? 'ok' : 'problem';
  const report = { status, checks, tokenDaysLeft } as const;
  telemetry.selfTest(report);
  return report;
}
