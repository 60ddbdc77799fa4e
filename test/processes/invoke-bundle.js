// Loads a bundle as Lambda does, in a process of its own, and prints the responses to the events on standard input.
import { text } from 'node:stream/consumers';

const { handler } = await import(process.argv[2]);
for (const event of JSON.parse(await text(process.stdin))) {
  if (event.headers?.['x-throws']) {
    const get = () => {
      throw new TypeError('planted');
    };
    Object.defineProperty(event.headers, 'x-throws', { get, enumerable: true });
  }
  const context = { awsRequestId: 'bundle', getRemainingTimeInMillis: () => 15_000 };
  process.stdout.write(`response ${JSON.stringify((await handler(event, context)) ?? null)}\n`);
}
process.stdout.write('', () => process.exit());
