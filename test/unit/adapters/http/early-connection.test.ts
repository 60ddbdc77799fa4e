import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import {
  connectionOptions,
  createEarlyAgent,
  openEarly,
} from '../../../../functions/adapters/http/early-connection.ts';

describe('connectionOptions', () => {
  test.each([
    ['https://api.byndid.com', 'api.byndid.com', 443],
    ['https://api.byndid.com:8443/base', 'api.byndid.com', 8443],
    ['http://localhost', 'localhost', 80],
    ['http://[::1]:3001', '::1', 3001],
  ])('%s', (url, host, port) => {
    expect(connectionOptions(new URL(url))).toEqual({ host, port, rejectUnauthorized: true });
  });
});

test('an agent that opens its connections later is left as it is', () => {
  const agent = new Agent();
  const openLater = jest.fn(() => undefined);
  agent.createConnection = openLater;
  openEarly(agent, connectionOptions(new URL('http://localhost:3001')));
  expect(openLater).toHaveBeenCalledTimes(1);
  expect(agent.createConnection).toBe(openLater);
});

describe('a connection that was opened early', () => {
  /** Starts a host whose port and connections the test can see. */
  async function startHost(options: { headersTimeout: number; connectionsCheckingInterval: number }) {
    const host = createServer(options, (_request, response) => response.end('here'));
    const connections: Socket[] = [];
    host.on('connection', (connection: Socket) => connections.push(connection));
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    return { host, connections, url: new URL(`http://127.0.0.1:${portOf(host.address())}`) };
  }

  function portOf(address: AddressInfo | string | null): number {
    if (address === null || typeof address === 'string') throw new Error('There is no port.');
    return address.port;
  }

  async function statusOf(url: URL, agent: Agent): Promise<number | undefined> {
    const [response]: IncomingMessage[] = await once(get(url, { agent }), 'response');
    response?.resume();
    return response?.statusCode;
  }

  test('is the one that the first request uses', async () => {
    const { host, connections, url } = await startHost({
      headersTimeout: 60_000,
      connectionsCheckingInterval: 1000,
    });
    const agent = createEarlyAgent(url);
    await once(host, 'connection');
    expect(await statusOf(url, agent)).toBe(200);
    expect(connections).toHaveLength(1);
    agent.destroy();
    host.close();
  });

  test('is not used after the host timed it out: the request opens another one', async () => {
    const { host, connections, url } = await startHost({
      headersTimeout: 20,
      connectionsCheckingInterval: 5,
    });
    const agent = createEarlyAgent(url);
    const [connection]: Socket[] = await once(host, 'connection');
    if (connection === undefined) throw new Error('There is no connection.');
    // the host sends a 408 and closes the connection, and the client has noticed
    await new Promise((resolve) => connection.once('close', resolve));
    // a busy machine may take longer for the next request
    host.headersTimeout = 60_000;
    expect(await statusOf(url, agent)).toBe(200);
    expect(connections).toHaveLength(2);
    agent.destroy();
    host.close();
  });
});
