import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkSync } from 'recheck';
import { ADDRESS, TYPED_ADDRESS } from '../../../functions/recover-user/http/email-address.ts';

describe('the patterns of the functions', () => {
  /** Regular expression literals; a division has no character class in it, and a comment begins with two slashes. */
  const LITERAL =
    /(?<=[=(,:!&|?\s])\/(?![*/])((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[.,;)\s])/g;

  // a slow machine must not look like a vulnerable pattern
  const NO_TIMEOUT = {
    timeout: null,
    attackTimeout: null,
    incubationTimeout: null,
    recallTimeout: null,
    seedingTimeout: null,
    randomSeed: 0,
  };

  test('match any text in linear time (ASVS 1.3.12)', async () => {
    const root = join(import.meta.dirname, '../../../functions');
    const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
    const literals = sources.flatMap((source) => [...source.matchAll(LITERAL)]);
    expect(literals.length).toBeGreaterThan(10);
    const patterns = [
      [TYPED_ADDRESS.source, ''],
      [ADDRESS.source, ''],
      ...literals.map(([, source = '', flags = '']) => [source, flags]),
    ];
    const vulnerable = patterns.filter(
      ([source = '', flags = '']) => checkSync(source, flags.replace('v', 'u'), NO_TIMEOUT).status !== 'safe',
    );
    expect(vulnerable).toEqual([]);
  });

  test('are checked by a tool that finds a vulnerable pattern', () => {
    expect(checkSync('^(a|a)*$', '').status).toBe('vulnerable');
  });
});
