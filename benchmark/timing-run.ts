import { addressOf, CALLER_CLASSES, type CallerClass, EXPECTED_OUTCOME } from './caller-class.ts';
import { type Load, spread } from './load.ts';
import { shuffled } from './random.ts';
import { readServiceLog, type ServiceRecord } from './service-log.ts';
import type { RunningService } from './service-process.ts';
import { createTimedRequest, type TimedAnswer } from './timed-request.ts';

/** After so many seconds of requests, other mailboxes are throttled: one stays so for a minute only. */
const ROUND_SECONDS = 40;
/** So many mailboxes are throttled in a round, and then asked for in turn. */
const THROTTLED_MAILBOXES = 100;
/** The share of a class's requests that may come to something else than meant, as when the machine stalls. */
const MOST_NOT_AS_MEANT = 0.01;

/** What was measured with one setting. */
export interface TimingMeasurement {
  /** The setting with which the service ran, in milliseconds. */
  readonly responseTimeMs: number;
  /** The answers' times at the client, in milliseconds. */
  readonly durationsMs: Readonly<Record<CallerClass, readonly number[]>>;
  /** How many of all requests did not come to what their class is to come to. */
  readonly notAsMeant: number;
  /** How often the rate limiter was too slow, so that the function's own decided. */
  readonly rateLimiterFallbacks: number;
  /** How long the requests took altogether, in seconds. */
  readonly seconds: number;
}

/** A request for an address of a class. */
interface Call {
  readonly callerClass: CallerClass;
  readonly address: string;
}

type Answered = Call & TimedAnswer;

/**
 * Sends so many requests a class, in an order of chance; known, unknown and suspended addresses are new each time, and
 * throttled ones have had their attempt. Throws when requests come to anything else.
 */
export async function measureTiming(
  service: RunningService,
  requestsPerClass: number,
  load: Load,
): Promise<TimingMeasurement> {
  const ask = createTimedRequest(service.url);
  const send = async (call: Call): Promise<Answered> => ({
    ...call,
    ...(await ask(call.address, load.signal)),
  });
  const answers: Answered[] = [];
  const startedAt = performance.now();
  const mostInRound = Math.ceil((ROUND_SECONDS * load.perSecond) / CALLER_CLASSES.length);
  for (let first = 0; first < requestsPerClass; first += mostInRound) {
    const count = Math.min(mostInRound, requestsPerClass - first);
    const mailboxes = numbersFrom(first, Math.min(count, THROTTLED_MAILBOXES));
    // their one attempt a minute, which does not count
    await spread(
      mailboxes.map((number) => callFor('rate-limited', number)),
      send,
      load,
    );
    const calls = numbersFrom(first, count).flatMap((number, index) =>
      CALLER_CLASSES.map((callerClass) =>
        callFor(callerClass, callerClass === 'rate-limited' ? first + (index % mailboxes.length) : number),
      ),
    );
    answers.push(...(await spread(shuffled(calls, load.random), send, load)));
  }
  const seconds = (performance.now() - startedAt) / 1000;

  const record = readServiceLog(await service.log());
  return {
    responseTimeMs: service.responseTimeMs,
    durationsMs: durationsByClass(answers),
    notAsMeant: countNotAsMeant(answers, record),
    rateLimiterFallbacks: record.rateLimiterFallbacks,
    seconds,
  };
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function callFor(callerClass: CallerClass, number: number): Call {
  return { callerClass, address: addressOf(callerClass, number) };
}

function durationsByClass(answers: readonly Answered[]): Record<CallerClass, number[]> {
  const durationsMs: Record<CallerClass, number[]> = {
    known: [],
    unknown: [],
    suspended: [],
    'rate-limited': [],
  };
  for (const { callerClass, durationMs } of answers) durationsMs[callerClass].push(durationMs);
  return durationsMs;
}

/** Throws when more than a few requests of a class came to something else, or were answered with another status. */
function countNotAsMeant(answers: readonly Answered[], { outcomes }: ServiceRecord): number {
  let total = 0;
  for (const callerClass of CALLER_CLASSES) {
    const ofClass = answers.filter((answer) => answer.callerClass === callerClass);
    const meant = EXPECTED_OUTCOME[callerClass];
    const notAsMeant = ofClass.filter(
      ({ status, requestId }) => status !== 202 || outcomes.get(requestId) !== meant,
    );
    const [example] = notAsMeant;
    if (example && notAsMeant.length > ofClass.length * MOST_NOT_AS_MEANT) {
      throw new Error(
        `Of ${ofClass.length} requests for ${callerClass} addresses, ${notAsMeant.length} were not answered with 202, or came to something else than "${meant}", such as ${example.status} for "${outcomes.get(example.requestId)}": it is not their time that would be compared.`,
      );
    }
    total += notAsMeant.length;
  }
  return total;
}
