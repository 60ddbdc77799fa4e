import { Agent } from 'node:http';
import { describe, expect, jest, test } from '@jest/globals';
import { connectionOptions, openEarly } from '../../functions/recover-user/early-connection.ts';

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
