import http, { type ClientRequestArgs } from 'node:http';
import https from 'node:https';
import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

/** What `node:http` and `node:https` need to know of a host. */
export type HostOptions = ClientRequestArgs & ConnectionOptions & { host: string };

/** Where, and how strictly, a request to this URL's host connects. */
export function connectionOptions(url: URL): HostOptions {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    // otherwise NODE_TLS_REJECT_UNAUTHORIZED could switch the check off
    rejectUnauthorized: true,
  };
}

/**
 * Opens a connection now and has the agent use it for its next request, which then needs not wait for name service,
 * TCP and TLS. A connection that fails or ends before is forgotten: the request opens its own, and meets the fault.
 */
export function openEarly(agent: http.Agent, host: HostOptions): void {
  const connect = agent.createConnection.bind(agent);
  const named: HostOptions = { ...host, servername: host.host };
  const opened = connect(named);
  if (!(opened instanceof Socket)) return;
  let early: Socket | undefined = opened.unref();
  const forget = () => {
    opened.off('data', forget).off('end', forget).destroy();
    early = undefined;
  };
  // read, or it would not notice that the host has had enough of waiting: nobody has asked it anything, so whatever it
  // says is its farewell, such as the 408 of Node's own server
  opened.once('error', forget).once('close', forget).on('data', forget).on('end', forget);
  agent.createConnection = (requestOptions, callback) => {
    const socket = early?.ref().off('data', forget).off('end', forget) ?? connect(requestOptions, callback);
    early = undefined;
    return socket;
  };
}

/** An agent that keeps its connections to this URL's host, the first of which it opens now. */
export function createEarlyAgent(url: URL): http.Agent {
  const { Agent } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  openEarly(agent, connectionOptions(url));
  return agent;
}
