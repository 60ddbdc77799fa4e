import { Socket } from 'node:net';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Jest set-up: no test reaches anything but this machine, whatever a setting or a library tries. */
const connect = Socket.prototype.connect;
Socket.prototype.connect = function connectToLoopback(...args) {
  const [target, host] = Array.isArray(args[0]) ? args[0] : args;
  const { host: named = host ?? 'localhost', path } = typeof target === 'object' ? target : {};
  const isLocalPipe = typeof path === 'string';
  if (!isLocalPipe && !LOOPBACK.test(named)) throw new Error(`The network is off in tests: ${named}`);
  return connect.apply(this, args);
};
