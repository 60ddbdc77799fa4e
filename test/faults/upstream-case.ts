import type { IncomingMessage } from 'node:http';
import { expect } from '@jest/globals';
import { deliver, expectCounted, request } from './course.ts';
import { type FrontOptions, startFront } from './front.ts';
import { type Relayed, startRelay } from './relay.ts';
import { loadInTime, startFunctions } from './start.ts';
import type { Platform, World } from './world.ts';

/**
 * What becomes of a request: it is `mailed`, as far as the response says; it is `queued`, and mailed once the fault is over;
 * the user is `not-recoverable`, as far as the response says.
 */
export type Ending = 'mailed' | 'queued' | 'not-recoverable';

const METRICS = { mailed: 'Forwarded', queued: 'Queued', 'not-recoverable': 'NotRecoverable' } as const;

const RECOVERY = { v0: /^\/v1\/manage\/recover-user$/, v1: /\/credential-binding-jobs(\?|$)/ } as const;

/** Whether a call has Beyond Identity mail a link, or asks whether it did. */
export const isRecovery =
  (platform: Platform) =>
  ({ url = '' }: IncomingMessage): boolean =>
    RECOVERY[platform].test(url);

/** Where the API is that misbehaves. */
export interface UpstreamOptions extends FrontOptions {
  /** The host in the API's URL (127.0.0.1). */
  readonly host?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What happens to connections before they get to the API; absent: nothing. */
  readonly relay?: Relayed | undefined;
}

/**
 * A request while Beyond Identity misbehaves, whose ending is expected. One that is queued is postponed by the delivery, and
 * mailed once and for all when Beyond Identity is in order again.
 */
export async function expectEnding(
  ending: Ending,
  world: World,
  platform: Platform,
  { host = '127.0.0.1', environment, relay: relayed, ...fault }: UpstreamOptions,
): Promise<void> {
  await using front = await startFront(world.urls[platform], {
    isHit: isRecovery(platform),
    ...fault,
  });
  await using relay = relayed && (await startRelay(front.port, relayed));
  await using instance = await startFunctions(world.bundles, {
    ...world.environment(platform),
    BEYOND_IDENTITY_API_URL: `${fault.tls ? 'https' : 'http'}://${host}:${(relay ?? front).port}`,
    ...environment,
  });
  const address = world.newAddress();
  const { status, printed } = await request(instance, address);
  expect(status).toBe(202);
  expectCounted(printed, METRICS[ending]);
  if (ending !== 'queued') return;

  const [queued] = world.waiting(address);
  await loadInTime(instance, 'delivery');
  const { isDone, ...postponed } = await deliver(instance, queued?.body ?? '');
  expectCounted(postponed.printed, 'DeliveryPostponed');
  expect(world.mailsTo(address)).toBe(0);

  front.heal();
  relay?.heal();
  const [again] = world.waiting(address);
  // where SQS did not respond in time, its message stays
  if (isDone) expect(again?.postponements).toBe(1);
  const delivered = await deliver(instance, again?.body ?? '');
  expectCounted(delivered.printed, 'Delivered');
  expect(world.mailsTo(address)).toBe(1);
}
