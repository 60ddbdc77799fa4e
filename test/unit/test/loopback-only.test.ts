import http from 'node:http';
import net from 'node:net';
import { expect, test } from '@jest/globals';

test('no test can reach another machine', () => {
  // 192.0.2.0/24 is reserved for documentation (RFC 5737): nobody is there
  expect(() => net.connect(443, '192.0.2.1')).toThrow('The network is off in tests');
  expect(() => http.get('http://192.0.2.1/')).toThrow('The network is off in tests');
});
