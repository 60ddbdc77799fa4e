import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server on the loopback interface, with what is connected to it. */
export interface LoopbackServer extends AsyncDisposable {
  readonly port: number;
  /** Closes every connection, as a restart does. */
  disconnect(): void;
}

/** Has a server listen on a free port; `sockets` are those that end with it. */
export async function listenOnLoopback(
  server: Server,
  sockets: ReadonlySet<Socket>,
): Promise<LoopbackServer> {
  const disconnect = () => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: Pick<AddressInfo, 'port'> = Object(server.address());
  return {
    port,
    disconnect,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      disconnect();
      await closed;
    },
  };
}
