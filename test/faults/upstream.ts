import { describe, test } from '@jest/globals';
import { PROTOCOL_FAULTS } from './protocol-faults.ts';
import { RESPONSE_FAULTS } from './response-faults.ts';
import { withSecondChance } from './start.ts';
import { type Ending, expectEnding } from './upstream-case.ts';
import type { Platform, World } from './world.ts';

/** The tests of a Beyond Identity whose HTTP is odd. */
export function describeUpstream(world: () => World): void {
  describe.each<Platform>(['v0', 'v1'])('on %s, a request', (platform) => {
    // the code that reads HTTP is the same for both: they take turns
    const protocolFaults = PROTOCOL_FAULTS.filter((_fault, index) => platform === `v${index % 2}`);
    const cases = [...RESPONSE_FAULTS, ...protocolFaults].map(({ name, ends, ...fault }) => {
      const ending: Ending = typeof ends === 'string' ? ends : ends[platform];
      return { name, ending, fault };
    });

    test.concurrent.each(cases)('is $ending while Beyond Identity $name', ({ ending, fault }) =>
      withSecondChance(() => expectEnding(ending, world(), platform, fault)),
    );
  });
}
