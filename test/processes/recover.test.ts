import { describe, expect, test } from '@jest/globals';
import { CALLER_ARN } from '../../local/emulators/operator/deployment.ts';
import { environment, plant, simulation, useSimulation } from '../integration/bin/doctor-simulation.ts';
import { request, runLocally } from './help-desk-process.ts';

useSimulation();

const recover = (...args: readonly string[]) => runLocally('recover', ...args);

/** What `lookup` says of jane's requests. */
async function lookedUp() {
  return JSON.parse((await runLocally('lookup', 'jane@example.com', '--json')).stdout).requests;
}

describe('npm run recover', () => {
  test('sends a recovery past the rate limit, and lookup shows who sent it', async () => {
    await request(simulation.appUrl, 'jane@example.com');
    expect(simulation.tenant.mails).toHaveLength(1);
    const { exitCode, stdout, stderr } = await recover('Jane@example.com');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [, attemptId] = /^The outbox has the recovery, as attempt ([\w-]{36})\.$/m.exec(stdout) ?? [];
    expect(stdout).toContain('npm run lookup -- --local ADDRESS');
    expect(stdout).not.toMatch(/jane@/i);
    expect(await lookedUp()).toContainEqual(
      expect.objectContaining({ attemptId, operator: CALLER_ARN, outcome: 'queued' }),
    );
  });

  test('prints one JSON document with --json', async () => {
    const { stdout } = await recover('jane@example.com', '--json');
    expect(JSON.parse(stdout)).toEqual({
      stack: 'RecoveryStack',
      attemptId: expect.stringMatching(/^[\w-]{36}$/),
      operator: CALLER_ARN,
    });
  });

  test('sends nothing where its event cannot be published', async () => {
    await plant({ outputs: { EventBusName: 'other' } });
    const { exitCode, stderr } = await recover('jane@example.com');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^There is no event bus other, and nothing is sent without an event of who does it/,
    );
    await plant({});
    expect(await lookedUp()).toEqual([]);
  });

  test('has a second event where the outbox does not take it', async () => {
    await plant({
      outputs: { OutboxQueueUrl: `http://127.0.0.1:${Number(environment.PORT) + 4}/123456789012/gone` },
    });
    const { exitCode, stderr } = await recover('jane@example.com');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^The outbox did not take the recovery: \w+/);
    await plant({});
    expect(await lookedUp()).toEqual([
      expect.objectContaining({ outcome: 'outbox-failed', state: 'not-sent' }),
    ]);
  });

  test.each<[string, readonly string[], Record<string, null>, RegExp]>([
    ['no address', [], {}, /^Name one valid email address\. .*npm run recover -- jane@example\.com/],
    ['an unknown option', ['--nonsense'], {}, /^Unknown option '--nonsense'/],
    ['an older stack', ['jane@example.com'], { EventBusName: null }, /has no outputs EventBusName/],
  ])('fails with one message and the fix: %s', async (_name, args, outputs, message) => {
    await plant({ outputs });
    const { exitCode, stdout, stderr } = await recover(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('lists the permissions that it needs with --help', async () => {
    expect((await recover('--help')).stdout).toMatch(
      /Required permissions .*:\n {2}cloudformation:DescribeStacks/,
    );
  });
});
