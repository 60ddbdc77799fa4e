import type { Agent, ClientRequestArgs } from 'node:http';
import { Socket } from 'node:net';

/**
 * Opens a connection now and has the agent use it for its next request, which then needs not wait for name service,
 * TCP and TLS. A connection that fails or closes before is forgotten: the request opens its own, and meets the fault.
 */
export function openEarly(agent: Agent, url: URL): void {
  const connect = agent.createConnection.bind(agent);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const options: ClientRequestArgs & { servername: string } = {
    host,
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    servername: host,
  };
  let early: Socket | undefined;
  const opened = connect(options);
  if (!(opened instanceof Socket)) return;
  early = opened.unref();
  const forget = () => {
    early = undefined;
  };
  early.once('error', forget).once('close', forget);
  agent.createConnection = (requestOptions, callback) => {
    const socket = early?.ref() ?? connect(requestOptions, callback);
    early = undefined;
    return socket;
  };
}
