import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from '@jest/globals';
import { pseudonymOf } from '../../functions/adapters/aws/pseudonym.ts';
import { knownUser } from '../../functions/core/directory.ts';
import { EVENT_BUS_NAME } from '../../local/emulators/operator/deployment.ts';
import { plant, simulation, storeSecret, useSimulation } from '../integration/bin/doctor-simulation.ts';
import { request, runLocally } from './help-desk-process.ts';

useSimulation();

const lookup = (...args: readonly string[]) => runLocally('lookup', ...args);

/** Publishes the event of a request, as the endpoint does for a user of this name. */
async function publish(user: string, key = 'simulated-pseudonym-key'): Promise<void> {
  const client = new EventBridgeClient({ endpoint: simulation.operatorUrl });
  const detail = { requestId: 'published', outcome: 'rate-limited', mailbox: pseudonymOf(user, key) };
  const entry = {
    EventBusName: EVENT_BUS_NAME,
    Source: 'user-recovery',
    DetailType: 'Recovery Requested',
    Detail: JSON.stringify(detail),
  };
  await client.send(new PutEventsCommand({ Entries: [entry] }));
  client.destroy();
}

describe('npm run lookup', () => {
  test('shows the requests of one person by any spelling, and nobody else’s', async () => {
    const jane = await request(simulation.appUrl, 'jane@example.com');
    const again = await request(simulation.appUrl, 'Jane@Example.com');
    const john = await request(simulation.appUrl, 'john@example.com');
    const { exitCode, stdout, stderr } = await lookup('JANE@example.com');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(jane);
    expect(stdout).toContain('delivered: Beyond Identity accepted the request');
    expect(stdout).toContain(again);
    expect(stdout).toContain('rate-limited');
    expect(stdout).not.toContain(john);
    expect(stdout).not.toMatch(/jane@|simulated-pseudonym-key/i);
  });

  test('prints one JSON document with --json', async () => {
    const requestId = await request(simulation.appUrl, 'jane@example.com');
    const { stdout } = await lookup('jane@example.com', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      stack: 'RecoveryStack',
      days: 7,
      isTruncated: false,
      requests: [{ requestId, outcome: 'forwarded', state: 'delivered' }],
    });
  });

  test('says that there are no requests, and exits with 0', async () => {
    const { exitCode, stdout } = await lookup('jane@example.com', '--days', '1');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^No requests within 1 days?\./);
  });

  test('finds requests that are counted by the reference of a directory', async () => {
    await publish(knownUser('Id-1', []).user);
    expect((await lookup('jane@example.com')).stdout).toMatch(/^No requests/);
    expect((await lookup('jane@example.com', '--reference', 'id-1')).stdout).toContain('published');
  });

  test('takes the key from the secret of the API token where it has none of its own', async () => {
    await storeSecret({ API_TOKEN: 'token', PSEUDONYM_KEY: 'other-key' });
    await plant({ outputs: { PseudonymKeySecretArn: null } });
    await publish('jane@example.com', 'other-key');
    expect((await lookup('jane@example.com')).stdout).toContain('published');
  });

  test.each<[string, readonly string[], Record<string, string | null>, RegExp]>([
    ['no address', [], {}, /^Name one valid email address\. .*npm run lookup -- jane@example\.com/],
    ['no valid address', ['jane'], {}, /^Name one valid email address\./],
    ['two addresses', ['jane@example.com', 'john@example.com'], {}, /^Name one valid email address\./],
    ['bad --days', ['jane@example.com', '--days', 'x'], {}, /^--days must be a whole number/],
    ['an unknown option', ['jane@example.com', '--nonsense'], {}, /^Unknown option '--nonsense'/],
    ['an older stack', ['jane@example.com'], { AuditLogGroupName: null }, /has no outputs AuditLogGroupName/],
    ['no log group', ['jane@example.com'], { AuditLogGroupName: 'gone' }, /^The log group gone is gone/],
    ['no key', ['jane@example.com'], { PseudonymKeySecretArn: 'gone' }, /^The secret gone has no value/],
  ])('fails with one message and the fix: %s', async (_name, args, outputs, message) => {
    await plant({ outputs });
    const { exitCode, stdout, stderr } = await lookup(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('lists the permissions that it needs with --help', async () => {
    expect((await lookup('--help')).stdout).toMatch(
      /Required permissions:\n {2}cloudformation:DescribeStacks/,
    );
  });
});
