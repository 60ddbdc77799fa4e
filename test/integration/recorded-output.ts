/** Keeps what goes to standard output and standard error, instead of printing it. */
export function recordOutput(): { printed(): string; stop(): void } {
  let text = '';
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = (chunk: Uint8Array | string) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  return {
    printed: () => text,
    stop: () => {
      streams.forEach((stream, index) => {
        const write = writes[index];
        if (write) stream.write = write;
      });
    },
  };
}
