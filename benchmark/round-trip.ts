import { connect, createServer, type Socket } from 'node:net';
import * as z from 'zod/mini';

const address = z.object({ port: z.int() });

/**
 * Puts a distance before a server on this machine: what it sends arrives so many milliseconds later. Resolves with the URL
 * to use instead of the server's.
 */
export async function withRoundTrip(url: string, roundTripMs: number): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: Number(port), host: hostname, noDelay: true });
    client.pipe(upstream);
    // timers of one duration fire in the order in which they were set
    upstream.on('data', (chunk) => setTimeout(() => client.write(chunk), roundTripMs));
    upstream.on('end', () => setTimeout(() => client.end(), roundTripMs));
    endTogether(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `${protocol}//127.0.0.1:${address.parse(server.address()).port}`;
}

function endTogether(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => peer.destroy());
  }
}
