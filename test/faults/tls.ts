import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { certify } from './certificates.ts';
import { type Misbehavior, startFront } from './front.ts';
import { RAW_SUCCESS, sends } from './misbehavior.ts';
import type { Relayed } from './relay.ts';
import { withSecondChance } from './start.ts';
import { certificateFaults, HANDSHAKE_FAULTS } from './tls-faults.ts';
import { type Ending, expectEnding, isRecovery } from './upstream-case.ts';
import type { Platform, World } from './world.ts';

const authority = await certify();
const inOrder = await certify(authority);
const CERTIFICATE_FAULTS = await certificateFaults(authority);

/** The tests of a Beyond Identity whose TLS is bad. */
export function describeTls(world: () => World): void {
  let folder: string;
  let trusting: { host: string; environment: Record<string, string> };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'authority-'));
    const file = join(folder, 'authority.pem');
    await writeFile(file, authority.cert);
    trusting = { host: 'localhost', environment: { NODE_EXTRA_CA_CERTS: file } };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A request while this happens to connections, before a server that is in order. */
  function expectEndingThrough(relay: Relayed, ends: Ending, platform: Platform, then: Misbehavior = {}) {
    const options = { ...trusting, tls: inOrder, relay, ...then };
    return withSecondChance(() => expectEnding(ends, world(), platform, options));
  }

  describe('over TLS on v0, a request', () => {
    test.concurrent.each(HANDSHAKE_FAULTS)('is $ends while Beyond Identity $name', ({ ends, relay }) =>
      expectEndingThrough(relay, ends, 'v0', sends(RAW_SUCCESS)),
    );
  });

  describe('over TLS on v1, a request', () => {
    test.concurrent.each(CERTIFICATE_FAULTS)(
      'is $ends while Beyond Identity $name',
      async ({ ends, tls, misbehavior = sends(RAW_SUCCESS) }) => {
        await using bad = await startFront(world().urls.v1, {
          tls: { ...inOrder, ...tls },
          isHit: isRecovery('v1'),
          ...misbehavior,
        });
        const toBad: Relayed = (client) => client.pipe(connect(bad.port, '127.0.0.1')).pipe(client);
        await expectEndingThrough(toBad, ends, 'v1');
      },
    );
  });
}
