import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { useOwnTemporaryDirectory } from '../../temporary-directory.ts';

test("a run's own temporary directory replaces the system's until it is removed", () => {
  // not os.tmpdir(), which does not read the copy of the environment that Jest gives a test
  const before = process.env['TMPDIR'];
  const own = useOwnTemporaryDirectory();
  expect(process.env['TMPDIR']).toBe(own.path);
  own.remove();
  expect(existsSync(own.path)).toBe(false);
  expect(process.env['TMPDIR']).toBe(before);
});

test('a run that leaves something behind fails, names it, and removes it', () => {
  const own = useOwnTemporaryDirectory();
  mkdirSync(join(own.path, 'cdk.outB'));
  writeFileSync(join(own.path, 'cdk.outA'), '');
  expect(() => own.remove()).toThrow(/^The tests left 2 entries .*:\ncdk\.outA\ncdk\.outB$/);
  expect(existsSync(own.path)).toBe(false);
});

test('the tests of this run have a temporary directory of their own', () => {
  expect(tmpdir()).toMatch(/recovery-tests-\w+$/);
});
