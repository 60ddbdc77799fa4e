import http from 'node:http';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, test } from '@jest/globals';
import { defaultProvider } from '../../../functions/runtime/bundle/lambda-credentials.ts';
import * as discovery from '../../../functions/runtime/bundle/no-endpoint-discovery.ts';
import * as eventStreams from '../../../functions/runtime/bundle/no-event-streams.ts';
import * as forwarding from '../../../functions/runtime/bundle/no-forwarding.ts';
import * as substitute from '../../../functions/runtime/bundle/node-http.ts';
import { SignatureV4MultiRegion } from '../../../functions/runtime/bundle/regional-signature.ts';
import { startEventBus } from '../../emulators/event-bus.ts';

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

describe('a substitute in the bundle', () => {
  test('for node:http is the built-in module', () => {
    expect(substitute.default.createServer).toBe(http.createServer);
    expect(substitute.request).toBe(http.request);
    expect(substitute.Agent).toBe(http.Agent);
    expect(substitute.STATUS_CODES).toBe(http.STATUS_CODES);
  });

  test('leaves event streams out', () => {
    const configuration = { region: 'eu-central-1' };
    expect(eventStreams.resolveEventStreamSerdeConfig(configuration)).toBe(configuration);
    expect(eventStreams.eventStreamSerdeProvider()).toBeUndefined();
    expect(Object.keys(new eventStreams.EventStreamSerde())).toEqual([]);
  });

  test.each(Object.entries(forwarding))(
    'stands for %s, which queued delivery has no use for',
    (_name, reject) => {
      expect(reject).toThrow('set delivery to "direct" in the configuration and deploy');
    },
  );

  test('discovers no endpoint', () => {
    const configuration = { region: 'eu-central-1' };
    expect(discovery.resolveEndpointDiscoveryConfig(configuration)).toBe(configuration);
    const { environmentVariableSelector, configFileSelector } =
      discovery.NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS;
    expect([environmentVariableSelector(), configFileSelector()]).toEqual([undefined, undefined]);
  });

  test('signs for one region, and says that it cannot for several', async () => {
    expect(SignatureV4MultiRegion.sigv4aDependency()).toBe('none');
    const eventBus = await startEventBus();
    const client = new EventBridgeClient({
      region: 'eu-central-1',
      endpoint: eventBus.url,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      signerConstructor: SignatureV4MultiRegion,
    });
    const entry = { EventBusName: 'the-bus', Source: 'test', DetailType: 'Test', Detail: '{}' };
    // the emulator takes signed requests only
    await expect(client.send(new PutEventsCommand({ Entries: [entry] }))).resolves.toMatchObject({
      FailedEntryCount: 0,
    });
    client.destroy();
    await eventBus.close();
  });

  test("has the credentials of the function's role", async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_SESSION_TOKEN: 'c',
    });
    await expect(defaultProvider()()).resolves.toMatchObject({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
    });
  });
});
