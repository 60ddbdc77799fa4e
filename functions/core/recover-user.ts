import type { Deadline } from '../runtime/deadline.ts';
import type { Forward, ForwardFailure, ForwardResult } from './forward.ts';

/** What the CAPTCHA's provider says of a token; `overloaded`: it is asked too often to say anything. */
export type CaptchaVerdict = 'human' | 'not-human' | 'unavailable' | 'overloaded';

/** What a request came to. */
export type Outcome =
  | ForwardResult['outcome']
  | 'queued'
  | 'outbox-failed'
  | 'rate-limited'
  | 'captcha-failed'
  | 'captcha-unavailable';

/** A well-formed recovery request. */
export interface RecoveryRequest {
  /** Normalized; letter case as typed. */
  address: string;
  /** What the CAPTCHA's widget gave the page. */
  captchaToken: string | undefined;
  /** The caller's IP address, as the gateway saw it. */
  source: string | undefined;
}

/** `mailbox` is a pseudonym; `undefined` where the request did not get that far. */
export interface RecoveryResult {
  outcome: Outcome;
  mailbox?: string;
  /** Why the request was not forwarded. */
  cause?: ForwardFailure | undefined;
}

/** Verifies a CAPTCHA token. */
export interface CaptchaVerifier {
  verify(token: string, source: string | undefined, deadline: Deadline): Promise<CaptchaVerdict>;
}

/** Derives a stable pseudonym for the user whom an address reaches. */
export interface Pseudonyms {
  /** The same for every spelling that reaches the user; `undefined` where the key cannot be had within the deadline. */
  of(address: string, deadline: Deadline): Promise<string | undefined>;
}

/** An attempt that counts against a mailbox's limits. */
export interface Attempt {
  /** Counts it no more, because nothing came of it. Must settle by the deadline. */
  release(deadline: Deadline): Promise<void>;
}

/** How often a mailbox may be recovered. */
export interface RateLimiter {
  /** One more attempt, which counts already; `undefined` where the mailbox may have none. Settles by the deadline. */
  admit(mailbox: string, deadline: Deadline): Promise<Attempt | undefined>;
}

/** Where admitted requests wait that could not be forwarded yet. */
export interface Outbox {
  /** Whether it has the request now; what it has is delivered. */
  put(attempt: { address: string; mailbox: string }, deadline: Deadline): Promise<boolean>;
}

export interface Ports {
  /** Absent: CAPTCHA disabled. */
  captcha?: CaptchaVerifier | undefined;
  /** Called when a request goes on although the CAPTCHA cannot be verified; absent: it is rejected. */
  goesOnUnchecked?: (() => void) | undefined;
  pseudonyms: Pseudonyms;
  rateLimiter: RateLimiter;
  /** Absent: every request goes straight to the outbox. */
  forward?: Forward | undefined;
  /** Absent: a request that cannot be forwarded is lost, and its caller learns so. */
  outbox?: Outbox | undefined;
}

/** Recovers a user by the deadline; never throws for what the outside world does. */
export type RecoverUser = (request: RecoveryRequest, deadline: Deadline) => Promise<RecoveryResult>;

/**
 * When each stage ends, as a share of the time for the whole: one that hangs leaves the later ones theirs. Where nothing
 * hangs, forwarding has nearly three quarters of the time. The last share is for giving an attempt back.
 */
const STAGE_ENDS = { captcha: 0.5, pseudonym: 0.55, rateLimiter: 0.65, forward: 0.75, outbox: 0.94 };

/** The use case: check, admit, forward; what cannot be forwarded waits in the outbox. */
export function createRecoverUser(ports: Ports): RecoverUser {
  return async (request, deadline) => {
    const rejection = await verifyCaptcha(ports, request, deadline);
    if (rejection) return { outcome: rejection };

    const mailbox = await inStage(deadline, 'pseudonym', (stage) =>
      ports.pseudonyms.of(request.address, stage),
    );
    if (mailbox === undefined) return { outcome: 'token-unavailable', cause: 'token-unavailable' };
    const attempt = await inStage(deadline, 'rateLimiter', (stage) =>
      ports.rateLimiter.admit(mailbox, stage),
    );
    if (attempt === undefined) return { outcome: 'rate-limited', mailbox };

    let isPromised = false;
    try {
      const result = await deliver(ports, request.address, mailbox, deadline);
      isPromised = PROMISED.has(result.outcome);
      return { ...result, mailbox };
    } finally {
      // what was promised nothing counts nothing
      if (!isPromised) await attempt.release(deadline);
    }
  };
}

/** The outcomes after which the caller may take the request for done. */
const PROMISED: ReadonlySet<Outcome> = new Set<Outcome>(['forwarded', 'not-recoverable', 'queued']);

/** Forwards the request, or puts it into the outbox. */
async function deliver(
  { forward, outbox }: Ports,
  address: string,
  mailbox: string,
  deadline: Deadline,
): Promise<RecoveryResult> {
  let cause: ForwardFailure | undefined;
  if (forward) {
    const { outcome } = await inStage(deadline, outbox ? 'forward' : 'outbox', (stage) =>
      forward(address, stage),
    );
    if (outcome === 'forwarded' || outcome === 'not-recoverable') return { outcome };
    cause = outcome;
  }
  if (!outbox) return { outcome: cause ?? 'outbox-failed', cause };
  const isQueued = await inStage(deadline, 'outbox', (stage) => outbox.put({ address, mailbox }, stage));
  return { outcome: isQueued ? 'queued' : 'outbox-failed', cause };
}

async function verifyCaptcha(
  { captcha, goesOnUnchecked }: Ports,
  { captchaToken, source }: RecoveryRequest,
  deadline: Deadline,
): Promise<Outcome | undefined> {
  if (!captcha) return undefined;
  if (captchaToken === undefined) return 'captcha-failed';
  const verdict = await inStage(deadline, 'captcha', (stage) => captcha.verify(captchaToken, source, stage));
  if (verdict === 'human') return undefined;
  if (verdict === 'not-human') return 'captcha-failed';
  // a stranger can bring an overload about, so that it must not let everybody pass
  if (verdict === 'overloaded' || !goesOnUnchecked) return 'captcha-unavailable';
  goesOnUnchecked();
  return undefined;
}

/** Does the work of one stage by its own deadline. */
async function inStage<Result>(
  deadline: Deadline,
  name: keyof typeof STAGE_ENDS,
  work: (stage: Deadline) => Promise<Result>,
): Promise<Result> {
  const stage = deadline.stage(STAGE_ENDS[name]);
  return work(stage).finally(stage.clear);
}
