import { type RunningServer, readBody, startHttpServer } from '../local/http-server.ts';

const NEXT = '/2018-06-01/runtime/invocation/next';
const TIMEOUT_MS = 15_000;
const MAXIMUM_ANSWER_BYTES = 6 * 1024 * 1024;

/** What the Runtime API saw of a runtime; times in milliseconds of this process's clock. */
export interface RuntimeRecord {
  /** When the runtime first asked for an event: it has loaded the function. */
  readonly readyAt: number;
  /** When the first answer was there in full. */
  readonly firstAnswerAt: number;
  /** From handing an event out to having the answer, for every invocation in its order, in milliseconds. */
  readonly durationsMs: readonly number[];
  /** The runtime's largest resident set in KiB, if it tells, as our own does. */
  readonly peakMemoryKib: number | undefined;
}

/** A Runtime API that has started. */
export interface RuntimeApi extends RunningServer {
  /** Resolves when the runtime asks for one event more than there are; rejects when an answer is not a `202`. */
  readonly record: Promise<RuntimeRecord>;
}

/** Starts a stand-in for Lambda's Runtime API, which hands the events to one runtime, one after the other. */
export async function startRuntimeApi(events: readonly object[]): Promise<RuntimeApi> {
  const record = Promise.withResolvers<RuntimeRecord>();
  const durationsMs: number[] = [];
  let readyAt = 0;
  let startedAt = 0;
  let firstAnswerAt = 0;

  const server = await startHttpServer(async (request, response) => {
    const event = events[durationsMs.length];
    if (request.url === NEXT && event) {
      readyAt ||= performance.now();
      const body = JSON.stringify(event);
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': `invocation-${durationsMs.length}`,
        'Lambda-Runtime-Deadline-Ms': Date.now() + TIMEOUT_MS,
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:benchmark',
      });
      startedAt = performance.now();
      response.end(body);
    } else if (request.url === NEXT) {
      // left without an answer: the runtime waits, and can be looked at, until it is ended
      const peak = request.headers['peak-memory-kib'];
      const peakMemoryKib = peak === undefined ? undefined : Number(peak);
      record.resolve({ readyAt, firstAnswerAt, durationsMs, peakMemoryKib });
    } else {
      const answer = (await readBody(request, MAXIMUM_ANSWER_BYTES)) ?? '';
      const endedAt = performance.now();
      firstAnswerAt ||= endedAt;
      durationsMs.push(endedAt - startedAt);
      if (!isAccepted(answer)) record.reject(new Error(`An invocation was answered with ${answer}`));
      response.writeHead(202).end();
    }
  });
  return { ...server, record: record.promise };
}

function isAccepted(answer: string): boolean {
  try {
    return JSON.parse(answer).statusCode === 202;
  } catch {
    return false;
  }
}
