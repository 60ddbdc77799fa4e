import { execFile } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** Runs `npm run bench` with arguments that end before anything is measured. */
function runBench(...args: string[]) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, ['benchmark/bench.ts', ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test.each([
  [['third'], 'Unknown benchmark "third"; available: invocation, timing, outage, memory, trips.'],
  [['--requests', '5'], "Unknown option '--requests'"],
  [['--rounds', '0'], '--rounds must be a whole number from 1 to 99, not "0".'],
  [['timing', '--response-time', '499'], '--response-time must be 0 (off) or a whole number'],
])('exits with 2 and the reason for %j', async (args, reason) => {
  const { code, stdout, stderr } = await runBench(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(reason);
});

test('prints the usage of every benchmark and exits with 0 for --help', async () => {
  const { code, stdout } = await runBench('--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/invocation:.*timing:.*outage:.*memory:.*trips:.*every benchmark.*--check/s);
});
