import { describe, expect, test } from '@jest/globals';
import type { Instance } from '../bundles/instance.ts';
import { AWS_FAULTS, type AwsFault, LOST_RESPONSE, OWN_FAULTS } from './aws-faults.ts';
import { deliver, expectCounted, messageFor, request } from './course.ts';
import { type FrontOptions, startFront } from './front.ts';
import { loadInTime, startFunctions, withSecondChance } from './start.ts';
import type { Service, World } from './world.ts';

/** A port at which nobody listens: Beyond Identity is down. */
const NOBODY = 'http://127.0.0.1:9';
/** Only the secret with the API token: the pseudonymization key has its own. */
const isCredential = (_request: unknown, body: string) => /"SecretId":"v0"/.test(body);

/** An error response, and each way of having none. */
const FOR_EVERY_SECRET = new Set([
  'denies access',
  'never responds',
  'resets the connection at once',
  'responds with HTML',
  'never ends its body',
]);

/** The faults that outlast every try, and those that do not. */
const lasting = (faults: readonly AwsFault[]) => faults.filter(({ isPassing }) => !isPassing);
const passing = (faults: readonly AwsFault[]) => faults.filter(({ isPassing }) => isPassing);

/** The tests of services of AWS's that fail. */
export function describeAws(world: () => World): void {
  /** Runs a case with functions that call a service which misbehaves. */
  async function tryOnce(
    service: Service,
    { isPassing, ...fault }: AwsFault & Pick<FrontOptions, 'isHit'>,
    environment: Readonly<Record<string, string>>,
    course: (instance: Instance, address: string, heal: () => void) => Promise<void>,
  ): Promise<void> {
    await using front = await startFront(world().urls[service], { ...fault, ...(isPassing && { times: 1 }) });
    const url = `http://127.0.0.1:${front.port}`;
    const inOrder = world().environment('v0');
    await using instance = await startFunctions(world().bundles, {
      ...inOrder,
      [`AWS_ENDPOINT_URL_${service}`]: url,
      // the SDK sends messages to the host in the queue's URL
      ...(service === 'SQS' && {
        OUTBOX_QUEUE_URL: url + new URL(inOrder['OUTBOX_QUEUE_URL'] ?? '').pathname,
      }),
      ...environment,
    });
    await loadInTime(instance, 'delivery');
    await course(instance, world().newAddress(), front.heal);
    // nothing was proved by a fault that hit nobody
    if (fault.onCall) expect(front.hits()).toBeGreaterThan(0);
  }

  const whileFaulty = (...run: Parameters<typeof tryOnce>) => withSecondChance(() => tryOnce(...run));

  describe('while Secrets Manager', () => {
    const faults: readonly AwsFault[] = [...AWS_FAULTS, ...OWN_FAULTS.SECRETS_MANAGER];
    const ofEverySecret = AWS_FAULTS.filter(({ name }) => FOR_EVERY_SECRET.has(name));
    const ofOneSecret = lasting(faults).filter(({ onCall }) => onCall);

    test.concurrent.each(ofOneSecret)(
      '$name, a request is queued, postponed, and mailed once it works',
      (fault) =>
        whileFaulty(
          'SECRETS_MANAGER',
          { isHit: isCredential, ...fault },
          {},
          async (instance, address, heal) => {
            const { status, printed } = await request(instance, address);
            expect(status).toBe(202);
            expectCounted(printed, 'Queued');
            const [queued] = world().waiting(address);
            expectCounted((await deliver(instance, queued?.body ?? '')).printed, 'DeliveryPostponed');
            heal();
            const [again] = world().waiting(address);
            expectCounted((await deliver(instance, again?.body ?? '')).printed, 'Delivered');
            expect(world().mailsTo(address)).toBe(1);
          },
        ),
    );

    test.concurrent.each(passing(faults))('$name, a request is mailed', (fault) =>
      whileFaulty('SECRETS_MANAGER', fault, {}, async (instance, address) => {
        expect((await request(instance, address)).status).toBe(202);
        expect(world().mailsTo(address)).toBe(1);
      }),
    );

    test.concurrent.each(ofEverySecret)(
      '$name for every secret, a request is rejected with 503, and mailed later',
      (fault) =>
        whileFaulty('SECRETS_MANAGER', fault, {}, async (instance, address, heal) => {
          expect((await request(instance, address)).status).toBe(503);
          heal();
          expect((await request(instance, address)).status).toBe(202);
          expect(world().mailsTo(address)).toBe(1);
        }),
    );
  });

  describe.each([
    ['DynamoDB', 'DYNAMODB', 'RateLimiterFallback'],
    ['EventBridge', 'EVENTBRIDGE', 'EventFailed'],
  ] as const)('while %s', (_name, service, metric) => {
    const faults: readonly AwsFault[] = [...AWS_FAULTS, ...OWN_FAULTS[service]];

    test.concurrent.each(faults)('$name, a request is mailed, and so is one from the outbox', (fault) =>
      whileFaulty(service, fault, {}, async (instance, address) => {
        const { status, printed } = await request(instance, address);
        expect(status).toBe(202);
        expect(world().mailsTo(address)).toBe(1);
        if (!fault.isPassing) expect(printed).toContain(`"${metric}":1`);
        const other = world().newAddress();
        const delivered = await deliver(instance, messageFor(other));
        expect(delivered.isDone).toBe(true);
        expect(world().mailsTo(other)).toBe(1);
      }),
    );
  });

  describe('while Beyond Identity is down, and SQS', () => {
    const down = { BEYOND_IDENTITY_API_URL: NOBODY };
    const faults = [...AWS_FAULTS, ...OWN_FAULTS.SQS];

    test.concurrent.each(lasting(faults))(
      '$name, a request is rejected with 503, and one in the outbox stays there',
      (fault) =>
        whileFaulty('SQS', fault, down, async (instance, address, heal) => {
          const { status, printed } = await request(instance, address);
          expect(status).toBe(503);
          expectCounted(printed, 'OutboxFailed');
          expect((await deliver(instance, messageFor(address))).isDone).toBe(false);
          heal();
          // the refused attempt does not count
          expect((await request(instance, address)).status).toBe(202);
          expect(world().waiting(address)).toHaveLength(1);
        }),
    );

    test.concurrent.each([...passing(AWS_FAULTS), LOST_RESPONSE])('$name, a request is queued', (fault) =>
      whileFaulty('SQS', fault, down, async (instance, address) => {
        expect((await request(instance, address)).status).toBe(202);
        expect(world().waiting(address).length).toBeGreaterThan(0);
      }),
    );
  });
}
