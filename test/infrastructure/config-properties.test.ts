import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SETTING_NAMES } from '../../lib/config/config-schema.ts';
import { problemsOf } from './config-with.ts';

describe('any configuration', () => {
  test('becomes valid by the fixes in the messages about a budget', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 5000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.option(fc.integer({ min: 1, max: 1000 })),
        (requestsPerClientIp, throttleRequestsPerSecond, throttleBurst, reservedConcurrency) => {
          const settings: Record<string, unknown> = {
            requestsPerClientIp,
            throttleRequestsPerSecond,
            throttleBurst,
            reservedConcurrency,
          };
          // each fix can call for another, and the greatest reservedConcurrency may not be enough
          for (let round = 0; round < 3; round++) {
            for (const problem of problemsOf(settings)) {
              const [, name = '', least] = /^(\w+) .* raise it to (\d+) or more/.exec(problem) ?? [];
              if (name === 'reservedConcurrency') settings[name] = null;
              else settings[name] = Number(least);
            }
          }
          expect(problemsOf(settings)).toEqual([]);
        },
      ),
    );
  });

  test('is valid, or rejected with an error that says what is wrong, whatever the file holds', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.webUrl(),
      fc.json(),
      fc.object(),
    );
    const settings = fc.dictionary(fc.constantFrom(...SETTING_NAMES), value);
    fc.assert(fc.property(settings, (changes) => expect(problemsOf(changes)).not.toContain('')));
  });

  test('accepts an origin only in the form in which a browser sends it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.webUrl().map((url) => new URL(url).origin),
          fc.string(),
        ),
        (origin) => {
          const isAccepted = problemsOf({ allowedOrigins: [origin] }).length === 0;
          const isCanonical =
            URL.canParse(origin) && new URL(origin).origin === origin && origin.startsWith('https:');
          if (isAccepted) expect(isCanonical).toBe(true);
          else if (isCanonical) expect(origin).toMatch(/[*,'"]/);
        },
      ),
    );
  });

  test('suggests the setting that a misspelled one resembles', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_NAMES), fc.nat(), (name, position) => {
        const at = position % name.length;
        const misspelled = name.slice(0, at) + name.slice(at + 1);
        expect(problemsOf({ [misspelled]: 1 })).toContain(
          `${misspelled}: unknown setting; did you mean ${name}?`,
        );
      }),
    );
  });
});
