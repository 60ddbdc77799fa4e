import type { Deadline } from './deadline.ts';

/** Tests a release; resolves with its problems, which hold nothing secret and no address. None: it is good. */
export type ReleaseCheck = (deadline: Deadline) => Promise<readonly string[]>;

/** How often a release is tested before it counts as bad, and how long one test may take. */
export interface ReleaseTries {
  tries: number;
  /** Milliseconds of one test. */
  testMs: number;
  /** Milliseconds between two tests. */
  pauseMs: number;
}

const NO_RESULT = 'no result in time';

/**
 * Tests a release until a test finds no problem: a new permission takes seconds to apply, and one lost response is nobody's
 * fault. Resolves with the problems of the last test, by the deadline at the latest. Throws nothing.
 */
export async function repeatCheck(
  check: ReleaseCheck,
  { tries, testMs, pauseMs }: ReleaseTries,
  deadline: Deadline,
): Promise<readonly string[]> {
  let problems: readonly string[] = [NO_RESULT];
  for (let left = tries; left > 0 && deadline.remainingMs() > 0; left--) {
    const test = deadline.within(testMs);
    problems = await problemsFoundBy(check, test).finally(test.clear);
    if (problems.length === 0) break;
    if (left > 1) await deadline.pause(pauseMs);
  }
  return problems;
}

async function problemsFoundBy(check: ReleaseCheck, test: Deadline): Promise<readonly string[]> {
  try {
    return (await test.waitFor(check(test))) ?? [NO_RESULT];
  } catch (error) {
    return [error instanceof Error ? `${error.name}: ${error.message}` : typeof error];
  }
}
