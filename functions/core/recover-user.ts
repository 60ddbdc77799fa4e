import { canonicalAddress } from './address.ts';
import type { Deadline } from './deadline.ts';
import type { Directory, ResolvedUser } from './directory.ts';
import type { Forwarding, ForwardResult } from './forward.ts';
import type { ForwardFailure, RecoveryOutcome } from './outcomes.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** A well-formed recovery request. */
export interface RecoveryRequest {
  /** Names the attempt that the request becomes once it is admitted; unique. */
  attemptId: string;
  /** Normalized; letter case as typed. */
  address: string;
  /** What the CAPTCHA's widget gave the page. */
  captchaToken: string | undefined;
  /** The client IP, as the gateway saw it. */
  sourceIp: string | undefined;
}

/** `mailbox` is a pseudonym; `undefined` where the request did not get that far. */
export interface RecoveryResult {
  outcome: RecoveryOutcome;
  mailbox?: string;
  /** That of the request, once it was admitted. */
  attemptId?: string;
  /** Why the request was not forwarded. */
  cause?: ForwardFailure | undefined;
  /** How Beyond Identity knows the user, once it accepted the request. */
  reference?: string | undefined;
}

/** What the CAPTCHA's provider says of a token; `overloaded`: it rate limits us. */
export type CaptchaVerdict = 'human' | 'not-human' | 'unavailable' | 'overloaded';

/** Verifies a CAPTCHA token. */
export interface CaptchaVerifier {
  verify(token: string, sourceIp: string | undefined, deadline: Deadline): Promise<CaptchaVerdict>;
}

/** The CAPTCHA that requests must pass. */
export interface Captcha {
  verifier: CaptchaVerifier;
  /** What happens to requests while the provider is unavailable: they are rejected, or go on unverified. */
  failureMode: 'closed' | 'open';
  /** Called for a request that goes on unverified; must not throw. */
  onSkipped(): void;
}

/** Derives a stable pseudonym for a user. */
export interface Pseudonyms {
  /** `undefined` where the key cannot be had within the deadline. */
  of(user: string, deadline: Deadline): Promise<string | undefined>;
}

/** An admitted request that was not forwarded. */
export interface QueuedAttempt {
  /** Names the attempt, so that it is delivered once, and can be followed. */
  attemptId: string;
  address: string;
  mailbox: string;
  /** Since when the email may have been sent all the same, in milliseconds since 1970; absent: it was not. */
  mayBeMailedSince?: number | undefined;
}

/** Where admitted requests wait that could not be forwarded yet. */
export interface Outbox {
  /** Whether it has the request now; what it has is delivered. */
  put(attempt: QueuedAttempt, deadline: Deadline): Promise<boolean>;
}

export interface Ports {
  /** Absent: CAPTCHA disabled. */
  captcha?: Captcha | undefined;
  pseudonyms: Pseudonyms;
  rateLimiter: RateLimiter;
  /** Absent: every request goes straight to the outbox, and is resolved when it is delivered. */
  forwarding?: (Forwarding & { directory: Directory }) | undefined;
  /** Absent: a request that cannot be forwarded is lost, and its caller learns so. */
  outbox?: Outbox | undefined;
}

/** Recovers a user by the deadline; never throws for what the outside world does. */
export type RecoverUser = (request: RecoveryRequest, deadline: Deadline) => Promise<RecoveryResult>;

/**
 * When each stage ends, as a share of the time for the whole: one that hangs leaves the later ones theirs. Where nothing
 * hangs, forwarding has nearly three quarters of the time. The last share is for releasing an attempt.
 */
export const STAGE_ENDS = {
  captcha: 0.5,
  directory: 0.58,
  pseudonym: 0.6,
  rateLimiter: 0.67,
  forward: 0.75,
  outbox: 0.94,
};

/**
 * The use case: check, resolve, admit, forward; what cannot be forwarded waits in the outbox. What sends nothing is done
 * beside the admission.
 */
export function createRecoverUser(ports: Ports): RecoverUser {
  return async (request, deadline) => {
    const rejection = await verifyCaptcha(ports.captcha, request, deadline);
    if (rejection) return { outcome: rejection };

    const preparation = prepare(ports, request.address, deadline);
    try {
      return await admitAndDeliver(ports, request, preparation, deadline);
    } finally {
      await preparation?.end();
    }
  };
}

async function admitAndDeliver(
  ports: Ports,
  { attemptId, address }: RecoveryRequest,
  preparation: Preparation | undefined,
  deadline: Deadline,
): Promise<RecoveryResult> {
  const user = await preparation?.user;
  const name = user?.user ?? canonicalAddress(address);
  const mailbox = await inStage(deadline, 'pseudonym', (stage) => ports.pseudonyms.of(name, stage));
  if (mailbox === undefined) return { outcome: 'token-unavailable', cause: 'token-unavailable' };
  const attempt = await inStage(deadline, 'rateLimiter', (stage) => ports.rateLimiter.admit(mailbox, stage));
  if (attempt === undefined) return { outcome: 'rate-limited', mailbox };

  let isPromised = false;
  try {
    const forwarded = await preparation?.forward();
    const result = await settle(ports, { attemptId, address, mailbox }, forwarded, deadline);
    isPromised = PROMISED.has(result.outcome);
    return { ...result, mailbox, attemptId };
  } finally {
    // what was promised nothing counts nothing
    if (!isPromised) await attempt.release(deadline);
  }
}

/** The outcomes after which the caller may take the request for done. */
const PROMISED: ReadonlySet<RecoveryOutcome> = new Set<RecoveryOutcome>([
  'forwarded',
  'not-recoverable',
  'queued',
]);

/** What has begun for a request that may be forwarded at once. */
interface Preparation {
  /** Whom the address reaches; `undefined` where that cannot be found out. */
  user: Promise<ResolvedUser | undefined>;
  /** Forwards the request, once it is admitted. */
  forward(): Promise<ForwardResult>;
  /** Resolves when nothing is under way any more. */
  end(): Promise<void>;
}

/** Begins what sends nothing, and so needs no admission; `undefined`: the request goes straight to the outbox. */
function prepare(
  { forwarding, outbox }: Ports,
  address: string,
  deadline: Deadline,
): Preparation | undefined {
  if (!forwarding) return undefined;
  const stage = deadline.stage(STAGE_ENDS[outbox ? 'forward' : 'outbox']);
  const user = inStage(deadline, 'directory', (directory) =>
    forwarding.directory.resolve(address, directory),
  );
  const lookup = forwarding.prepare(user, stage);
  const ended = Promise.allSettled([user, lookup]);
  return {
    user,
    async forward() {
      const resolved = await user;
      if (resolved === undefined) return { outcome: 'directory-unavailable' };
      return forwarding.forward({ ...resolved, lookup }, stage);
    },
    async end() {
      // Lambda freezes an instance that has responded, and whatever is under way in it
      await stage.waitFor(ended);
      stage.clear();
    },
  };
}

/** What a request that was admitted comes to: it is done, or goes into the outbox. */
async function settle(
  { outbox }: Ports,
  attempt: Omit<QueuedAttempt, 'mayBeMailedSince'>,
  forwarded: ForwardResult | undefined,
  deadline: Deadline,
): Promise<RecoveryResult> {
  if (forwarded?.outcome === 'forwarded' || forwarded?.outcome === 'not-recoverable') {
    const { outcome, reference } = forwarded;
    return { outcome, reference };
  }
  const cause = forwarded?.outcome;
  if (!outbox) return { outcome: cause ?? 'outbox-failed', cause };
  const isQueued = await inStage(deadline, 'outbox', (stage) =>
    outbox.put({ ...attempt, mayBeMailedSince: forwarded?.mayBeMailedSince }, stage),
  );
  return { outcome: isQueued ? 'queued' : 'outbox-failed', cause };
}

/** The outcome of a request that the CAPTCHA stops; `undefined`: it goes on. */
async function verifyCaptcha(
  captcha: Captcha | undefined,
  { captchaToken, sourceIp }: RecoveryRequest,
  deadline: Deadline,
): Promise<RecoveryOutcome | undefined> {
  if (!captcha) return undefined;
  if (captchaToken === undefined) return 'captcha-failed';
  const verdict = await inStage(deadline, 'captcha', (stage) =>
    captcha.verifier.verify(captchaToken, sourceIp, stage),
  );
  if (verdict === 'human') return undefined;
  if (verdict === 'not-human') return 'captcha-failed';
  // a stranger can bring an overload about, so that it must not let everybody pass
  if (verdict === 'overloaded' || captcha.failureMode === 'closed') return 'captcha-unavailable';
  captcha.onSkipped();
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
