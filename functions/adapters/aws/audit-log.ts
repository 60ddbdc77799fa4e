import { randomUUID } from 'node:crypto';
import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AuditEvent } from '../../core/outcomes.ts';
import { startDeadline } from '../../runtime/deadline.ts';

/** Where audit events go. */
export interface AuditLog {
  /** Makes itself ready for the first event; never throws. */
  warmUp(): Promise<void>;
  /** Writes an event within so many milliseconds; never throws. */
  write(event: AuditEvent, timeoutMs: number): Promise<void>;
}

export interface CloudWatchAuditLogOptions {
  client: Pick<CloudWatchLogsClient, 'send'>;
  logGroupName: string;
  /** How long creating the log stream may take, in milliseconds. */
  streamTimeoutMs: number;
  /** Called with an event that could not be written, and the name of the error; must not throw. */
  failed(event: AuditEvent, reason: string): void;
}

/** Audit events in a log group of their own, one line of JSON each, in a log stream for each instance. */
export function createCloudWatchAuditLog(options: CloudWatchAuditLogOptions): AuditLog {
  const { client, logGroupName, streamTimeoutMs } = options;
  // a name may hold no colon and no star
  const logStreamName = `${new Date().toISOString().slice(0, 10)}/${randomUUID()}`;
  let stream: Promise<unknown> | undefined;

  /** Makes the stream, once; a stream that an earlier try has made, whose response was lost, will do. */
  function createStream(): Promise<unknown> {
    if (stream) return stream;
    const timeout = startDeadline(streamTimeoutMs);
    stream = timeout
      .enforce((abortSignal) =>
        client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }), { abortSignal }),
      )
      .catch((error: Error) => {
        if (error.name === 'ResourceAlreadyExistsException') return;
        stream = undefined;
        throw error;
      })
      .finally(timeout.clear);
    return stream;
  }

  async function put(event: AuditEvent, abortSignal: AbortSignal): Promise<void> {
    await createStream();
    abortSignal.throwIfAborted();
    await client.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: [{ timestamp: Date.now(), message: JSON.stringify(event) }],
      }),
      { abortSignal },
    );
  }

  return {
    async warmUp() {
      await createStream().catch(() => undefined);
    },
    async write(event, timeoutMs) {
      const timeout = startDeadline(timeoutMs);
      try {
        await timeout.enforce((signal) => put(event, signal));
      } catch (error) {
        options.failed(event, error instanceof Error ? error.name : typeof error);
      } finally {
        timeout.clear();
      }
    },
  };
}

/** Local development: writes audit events to standard output. */
export function createPrintedAuditLog(print: (event: AuditEvent) => void): AuditLog {
  return {
    warmUp: async () => undefined,
    write: async (event) => print(event),
  };
}
