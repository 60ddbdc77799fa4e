import { describe, expect, test } from '@jest/globals';
import type { Benchmark } from '../../../benchmark/benchmark.ts';
import { readCommandLine, UsageError, usage, wholeNumber } from '../../../benchmark/command-line.ts';

function benchmark(summary: string, option: string): Benchmark {
  return {
    summary,
    options: {
      [option]: { placeholder: 'N', meaning: `how many ${option}` },
      quietly: { meaning: 'without a sound' },
    },
    measure: () => Promise.reject(new Error('not to be run')),
  };
}

const first = benchmark('the first one', 'rounds');
const second = benchmark('the second one', 'requests');
const BENCHMARKS = new Map([
  ['first', first],
  ['second', second],
]);

describe('the command line of the benchmarks', () => {
  test('without a name runs the first one', () => {
    expect(readCommandLine([], BENCHMARKS)).toEqual({
      help: false,
      json: false,
      check: false,
      benchmark: first,
      values: {},
    });
    expect(readCommandLine(['--json'], BENCHMARKS)).toMatchObject({ benchmark: first, json: true });
  });

  test('names a benchmark, which has options of its own', () => {
    expect(readCommandLine(['second', '--requests', '5', '--check'], BENCHMARKS)).toMatchObject({
      benchmark: second,
      check: true,
      values: { requests: '5' },
    });
  });

  test('knows options that are flags', () => {
    expect(readCommandLine(['--quietly', '--rounds', '3'], BENCHMARKS).values).toEqual({
      quietly: '',
      rounds: '3',
    });
  });

  test.each([
    { commandLine: ['third'], says: 'There is no benchmark "third". There is: first, second.' },
    { commandLine: ['--requests', '5'], says: "Unknown option '--requests'" },
    { commandLine: ['first', 'second'], says: "Unexpected argument 'second'" },
    { commandLine: ['--rounds'], says: 'argument missing' },
    { commandLine: ['--quietly=yes'], says: 'does not take an argument' },
  ])('$commandLine is refused with a reason', ({ commandLine, says }) => {
    const reading = () => readCommandLine(commandLine, BENCHMARKS);
    expect(reading).toThrow(UsageError);
    expect(reading).toThrow(says);
  });

  test('is explained with every benchmark and option', () => {
    const text = usage(BENCHMARKS);
    expect(text).toContain('first (the default): the first one');
    expect(text).toMatch(/--rounds N +how many rounds/);
    expect(text).toMatch(/^second: the second one\n {2}--requests N +how many requests$/m);
    expect(text).toMatch(/--quietly +without a sound/);
    expect(text).toMatch(/--check +exit with 1/);
  });
});

describe('a whole number on the command line', () => {
  const range = { byDefault: 9, lowest: 1, highest: 99 };

  test.each([
    { values: {}, expected: 9 },
    { values: { rounds: '1' }, expected: 1 },
    { values: { rounds: '99' }, expected: 99 },
  ])('$values is $expected', ({ values, expected }) => {
    expect(wholeNumber(values, 'rounds', range)).toBe(expected);
  });

  test.each(['0', '100', '-1', '1.5', '1e1', 'many', ''])('%j is refused', (rounds) => {
    expect(() => wholeNumber({ rounds }, 'rounds', range)).toThrow(
      new UsageError(`--rounds must be a whole number from 1 to 99, not "${rounds}".`),
    );
  });
});
