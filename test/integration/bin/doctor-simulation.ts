import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import type { DeploymentFaults } from '../../../local/emulators/operator/deployment.ts';
import { DEPLOYMENT_PATH } from '../../../local/emulators/operator/operator-api.ts';
import { type Simulation, startSimulation, startV1Simulation } from '../../../local/simulation.ts';
import { freePorts } from '../local/free-ports.ts';
import { recordOutput } from '../recorded-output.ts';
import { diagnose } from './doctor-process.ts';

/** The running simulation, of either platform. */
export let simulation: Omit<Simulation, 'tenant'> & { tenant: { mails: readonly unknown[] } };
/** Variables that lead the commands to it. */
export let environment: { PORT: string };
let recording: ReturnType<typeof recordOutput>;

/** Runs a simulation of the v0 platform for each test of the file. */
export function useSimulation(): void {
  jest.setTimeout(30_000);
  beforeEach(async () => {
    recording = recordOutput();
    const port = await freePorts();
    environment = { PORT: String(port) };
    simulation = await startSimulation({ port, host: '127.0.0.1' });
  });
  afterEach(async () => {
    await simulation.close();
    recording.stop();
  });
}

/** Starts a simulation of the v1 platform in its place. */
export async function restartAsV1(): Promise<void> {
  await simulation.close();
  simulation = await startV1Simulation({ port: Number(environment.PORT), host: '127.0.0.1' });
}

/** Plants faults of the deployment, in place of those before. */
export async function plant(faults: DeploymentFaults): Promise<void> {
  const init = { method: 'PUT', body: JSON.stringify(faults) };
  expect((await fetch(simulation.operatorUrl + DEPLOYMENT_PATH, init)).status).toBe(200);
}

/** Creates a secret without a value. */
export async function createSecret(name: string): Promise<void> {
  const client = new SecretsManagerClient({ endpoint: simulation.secretsManagerUrl });
  await client.send(new CreateSecretCommand({ Name: name }));
  client.destroy();
}

/** Stores this as the functions' credential. */
export async function storeSecret(value: object): Promise<void> {
  const client = new SecretsManagerClient({ endpoint: simulation.secretsManagerUrl });
  const SecretString = JSON.stringify(value);
  await client.send(new PutSecretValueCommand({ SecretId: simulation.secretName, SecretString }));
  client.destroy();
}

/** Puts so many messages into the dead-letter queue. */
export async function bury(count: number): Promise<void> {
  const client = new SQSClient({ endpoint: simulation.sqsUrl });
  const QueueUrl = `${simulation.sqsUrl}/123456789012/outbox-dead-letters`;
  for (let left = count; left > 0; left--) {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  }
  client.destroy();
}

/** Expects these problems, and no others. */
export async function expectProblems(
  expected: readonly (readonly [name: string, detail: RegExp, fix: RegExp])[],
) {
  const { exitCode, status, checks, problems } = await diagnose({ isLocal: true }, environment);
  expect(problems).toEqual(
    expected.map(([name, detail, fix]) => ({
      status: 'problem',
      name,
      detail: expect.stringMatching(detail),
      fix: expect.stringMatching(fix),
    })),
  );
  expect([exitCode, status]).toEqual([1, 'problem']);
  return { checks };
}
