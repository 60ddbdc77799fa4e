import { afterAll, beforeAll } from '@jest/globals';
import { describeAws } from './aws.ts';
import { describeTls } from './tls.ts';
import { describeUpstream } from './upstream.ts';
import { startWorld, type World } from './world.ts';

// in one file, because loading the emulators takes longer than a dozen cases
let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());

describeUpstream(() => world);
describeTls(() => world);
describeAws(() => world);
