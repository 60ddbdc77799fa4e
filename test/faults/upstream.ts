import { describe, test } from '@jest/globals';
import { PROTOCOL_FAULTS } from './protocol-faults.ts';
import { RESPONSE_FAULTS } from './response-faults.ts';
import { type Ending, expectEnding } from './upstream-case.ts';
import type { Platform, World } from './world.ts';

/** The tests of a Beyond Identity whose HTTP is odd. */
export function describeUpstream(world: () => World): void {
  describe.each<Platform>(['v0', 'v1'])('on %s, a request', (platform) => {
    const cases = [...RESPONSE_FAULTS, ...PROTOCOL_FAULTS].map(({ name, ends, ...fault }) => {
      const ending: Ending = typeof ends === 'string' ? ends : ends[platform];
      return { name, ending, fault };
    });

    test.concurrent.each(cases)('is $ending while Beyond Identity $name', ({ ending, fault }) =>
      expectEnding(ending, world(), platform, fault),
    );
  });
}
