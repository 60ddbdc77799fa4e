import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { admittedFloodDollars, idleDollars, monthDollars, requestCosts } from '../../../bin/cost-model.ts';
import { documentAt, ROOT } from './markdown.ts';

const run = promisify(execFile);
const [, committed = ''] = /<!-- the output of: .* -->\n\n([\s\S]+?)\n<!-- end of the output -->/.exec(
  documentAt('docs/cost.md').text,
) ?? ['', ''];

test('docs/cost.md has the tables that npm run cost prints', async () => {
  const { stdout } = await run(process.execPath, [fileURLToPath(new URL('bin/cost.ts', ROOT))]);
  expect(committed.trim()).toBe(stdout.trim());
});

test('a month without requests costs the fixed costs', () => {
  expect(monthDollars(0, 'direct')).toBe(idleDollars());
  expect(monthDollars(0, 'queued')).toBe(idleDollars());
});

test('the constant response time is the greatest cost of a request that is forwarded directly', () => {
  const [greatest] = requestCosts('direct').sort((one, other) => other.dollars - one.dollars);
  expect(greatest?.item).toBe('Lambda, duration');
});

test('a flood at a higher rate costs more in an hour', () => {
  expect(admittedFloodDollars(50, 'queued')).toBeGreaterThan(admittedFloodDollars(25, 'queued'));
});
