import type { Check } from './check.ts';

/** The report for a person: a line for each check, and one more for the fix of a problem. */
export function textReport(checks: readonly Check[]): string {
  const lines = checks.flatMap(({ status, name, detail, fix }) => [
    `${status.padEnd(7)}  ${name}: ${detail}`,
    ...(fix === undefined ? [] : [`${' '.repeat(9)}fix: ${fix}`]),
  ]);
  return [...lines, '', conclusion(checks)].join('\n');
}

/** The report for a program: one JSON document. */
export function jsonReport(stack: string, checks: readonly Check[]): string {
  const status = problemsIn(checks) === 0 ? 'ok' : 'problem';
  return JSON.stringify({ status, stack, checks }, null, 2);
}

/** How many of the checks found a problem. */
export function problemsIn(checks: readonly Check[]): number {
  return checks.filter(({ status }) => status === 'problem').length;
}

function conclusion(checks: readonly Check[]): string {
  const problems = problemsIn(checks);
  if (problems === 0) return 'No problems found.';
  return problems === 1 ? 'Found 1 problem.' : `Found ${problems} problems.`;
}
