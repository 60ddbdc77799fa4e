import type { Deadline } from './deadline.ts';

/** What one check of a self-test came to; `detail` and `fix` hold nothing secret and no address. */
export interface CheckResult {
  status: 'ok' | 'problem';
  detail: string;
  /** What to do about a problem. */
  fix?: string;
}

/** One line of a report. */
export interface Check extends CheckResult {
  name: string;
}

/** What a self-test found out. */
export interface SelfTestReport {
  status: 'ok' | 'problem';
  checks: Check[];
  /** Days until the API token expires; absent where it does not say, or is renewed by itself. */
  tokenDaysLeft?: number | undefined;
}

/** A check by its name. It must give up at the deadline. */
export type Checks = Readonly<Record<string, (deadline: Deadline) => Promise<CheckResult>>>;

/** Makes all checks at once; one that does not end by the deadline, or throws, is a problem. */
export async function runChecks(checks: Checks, deadline: Deadline): Promise<Check[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        const result = await deadline.waitFor(check(deadline));
        return {
          name,
          ...(result ?? problem('no result in time', 'Try again; then look at the function’s log.')),
        };
      } catch (error) {
        const detail = error instanceof Error ? error.name : typeof error;
        return { name, ...problem(detail, 'Look this error up in the function’s log.') };
      }
    }),
  );
}

/** A check that found nothing wrong. */
export function ok(detail: string): CheckResult {
  return { status: 'ok', detail };
}

/** A check that found something wrong. */
export function problem(detail: string, fix: string): CheckResult {
  return { status: 'problem', detail, fix };
}
