import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { certify } from './certificates.ts';
import { type Misbehavior, startFront } from './front.ts';
import { RAW_SUCCESS, sends } from './misbehavior.ts';
import type { Relayed } from './relay.ts';
import { certificateFaults, HANDSHAKE_FAULTS } from './tls-faults.ts';
import { type Ending, expectEnding, isRecovery } from './upstream-case.ts';
import { type Platform, startWorld, type World } from './world.ts';

const authority = await certify();
const inOrder = await certify(authority);
const CERTIFICATE_FAULTS = await certificateFaults(authority);

let world: World;
let folder: string;
let trusting: { host: string; environment: Record<string, string> };
beforeAll(async () => {
  world = await startWorld();
  folder = await mkdtemp(join(tmpdir(), 'authority-'));
  const file = join(folder, 'authority.pem');
  await writeFile(file, authority.cert);
  trusting = { host: 'localhost', environment: { NODE_EXTRA_CA_CERTS: file } };
}, 60_000);
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** A request while this happens to connections, before a server that is in order. */
function expectEndingThrough(relay: Relayed, ends: Ending, platform: Platform, then: Misbehavior = {}) {
  return expectEnding(ends, world, platform, { ...trusting, tls: inOrder, relay, ...then });
}

describe.each<Platform>(['v0', 'v1'])('over TLS on %s, a request', (platform) => {
  test.concurrent.each(HANDSHAKE_FAULTS)('is $ends while Beyond Identity $name', ({ ends, relay }) =>
    expectEndingThrough(relay, ends, platform, sends(RAW_SUCCESS)),
  );

  test.concurrent.each(CERTIFICATE_FAULTS)(
    'is $ends while Beyond Identity $name',
    async ({ ends, tls, misbehavior = sends(RAW_SUCCESS) }) => {
      const isHit = isRecovery(platform);
      const bad = await startFront(world.urls[platform], {
        tls: { ...inOrder, ...tls },
        isHit,
        ...misbehavior,
      });
      const toBad: Relayed = (client) => client.pipe(connect(bad.port, '127.0.0.1')).pipe(client);
      await expectEndingThrough(toBad, ends, platform).finally(bad.close);
    },
  );
});
