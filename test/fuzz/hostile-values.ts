import fc from 'fast-check';

/** In every hostile text: wherever it turns up, the input is echoed. Compare without regard to letter case. */
export const CANARY = 'canary';

/** Pieces that parsers, logs, headers, templates, file systems and people take for something else. */
const PIECES = [
  '',
  '\0',
  '\r\n',
  '\n',
  '\r\nX-Injected: 1\r\n\r\n',
  '\t',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u2028',
  '\u2029',
  '\u202e',
  '\ufeff',
  '\uffff',
  '\ud800',
  '\udfff',
  '\u{1f469}\u200d\u{1f4bb}',
  'e\u0301',
  'İ',
  'ß',
  '＠',
  '。',
  '"',
  "'",
  '`',
  '\\',
  '\\u0000',
  '{{7*7}}',
  '\u0024{jndi:ldap://127.0.0.1/a}',
  '%0d%0a',
  '%s%n',
  '<script>',
  '../../',
  "' OR 1=1--",
  '{"$ne":null}',
  '__proto__',
  'constructor',
  'undefined',
  'NaN',
  '=cmd()',
  '@',
  ',',
  ';',
  ':',
] as const;

/** Text with the canary in it, and anything around it. */
export const hostileText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }),
    fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 12 })),
  )
  .map(([before, after]) => before.join('') + CANARY + after);

/** Longer than anything that is read; up to a fifth of a megabyte. */
export const hugeText: fc.Arbitrary<string> = fc
  .tuple(hostileText, fc.integer({ min: 300, max: 10_000 }))
  .map(([text, times]) => text.repeat(times).slice(0, 200_000));

const nested = fc.integer({ min: 1, max: 1500 }).map((depth) => {
  let value: unknown = CANARY;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { [CANARY]: value };
  return value;
});

/** Whatever JSON can hold in place of what belongs there. `undefined` leaves the member out. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 80, arbitrary: hostileText },
  { weight: 20, arbitrary: fc.constantFrom(undefined, null, true, false, '', [], {}) },
  {
    weight: 10,
    arbitrary: fc.constantFrom(0, -1, 1e308, 5e-324, Number.MAX_SAFE_INTEGER, -0.5),
  },
  { weight: 10, arbitrary: fc.array(hostileText, { maxLength: 3 }) },
  { weight: 10, arbitrary: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }) },
  { weight: 1, arbitrary: hugeText },
  { weight: 1, arbitrary: nested },
);
