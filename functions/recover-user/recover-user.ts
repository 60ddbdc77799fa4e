import type { Deadline } from './deadline.ts';
import type { Forward, Forwarded } from './forward.ts';

/** What the human check's provider says of a token. */
export type HumanCheckVerdict = 'human' | 'not-human' | 'unavailable';

/** What a request came to. */
export type Outcome =
  | Forwarded['outcome']
  | 'queued'
  | 'outbox-failed'
  | 'throttled'
  | 'human-check-failed'
  | 'human-check-unavailable';

/** A well-formed recovery request. */
export interface RecoveryRequest {
  /** As typed, but trimmed and in NFC. */
  address: string;
  /** What the human check's widget gave the page. */
  humanCheckToken: string | undefined;
  /** The caller's IP address, as the gateway saw it. */
  source: string | undefined;
}

/** What forwarding came to where it failed. */
export type ForwardFailure = Exclude<Forwarded['outcome'], 'forwarded' | 'not-recoverable'>;

/** `mailbox` is a pseudonym; `undefined` where the request did not get that far. */
export interface RecoveryResult {
  outcome: Outcome;
  mailbox?: string;
  /** Why the request had to go to the outbox. */
  cause?: ForwardFailure | undefined;
}

/** Tells people from programs. */
export interface HumanCheck {
  verify(token: string, source: string | undefined, deadline: Deadline): Promise<HumanCheckVerdict>;
}

/** Names a mailbox without telling it. */
export interface Pseudonyms {
  /** The same for every spelling of a mailbox; `undefined` where the key cannot be had within the deadline. */
  of(address: string, deadline: Deadline): Promise<string | undefined>;
}

/** How often a mailbox may be recovered. */
export interface AttemptLedger {
  /** Whether the mailbox may have one more attempt; if so, it is written down already. Decides by the deadline. */
  admit(mailbox: string, deadline: Deadline): Promise<boolean>;
}

/** Where admitted requests wait that could not be forwarded yet. */
export interface Outbox {
  /** Whether it has the request now; what it has is delivered. */
  put(attempt: { address: string; mailbox: string }, deadline: Deadline): Promise<boolean>;
}

export interface Ports {
  /** Absent: nobody is asked to be human. */
  humanCheck?: HumanCheck | undefined;
  /** Told of a request that goes on although the human check's provider cannot be asked; absent: it is refused. */
  goesOnUnchecked?: (() => void) | undefined;
  pseudonyms: Pseudonyms;
  ledger: AttemptLedger;
  /** Absent: every request goes straight to the outbox. */
  forward?: Forward | undefined;
  /** Absent: a request that cannot be forwarded is lost, and its caller told so. */
  outbox?: Outbox | undefined;
}

/** Recovers a user by the deadline; never throws for what the outside world does. */
export type RecoverUser = (request: RecoveryRequest, deadline: Deadline) => Promise<RecoveryResult>;

/** The part of the time that is left for forwarding where there is an outbox; the rest is for that. */
const FORWARD_SHARE = 0.75;

/** The use case: check, admit, forward; what cannot be forwarded waits in the outbox. */
export function createRecoverUser(ports: Ports): RecoverUser {
  return async (request, deadline) => {
    const refusal = await refusalOfRobots(ports, request, deadline);
    if (refusal) return { outcome: refusal };

    const mailbox = await ports.pseudonyms.of(request.address, deadline);
    if (mailbox === undefined) return { outcome: 'token-unavailable' };
    if (!(await ports.ledger.admit(mailbox, deadline))) return { outcome: 'throttled', mailbox };

    const outcome = await forwardNow(ports, request.address, deadline);
    if (outcome === 'forwarded' || outcome === 'not-recoverable') return { outcome, mailbox };
    if (!ports.outbox) return { outcome: outcome ?? 'outbox-failed', mailbox };
    const isQueued = await ports.outbox.put({ address: request.address, mailbox }, deadline);
    return { outcome: isQueued ? 'queued' : 'outbox-failed', mailbox, cause: outcome };
  };
}

/** What forwarding comes to; `undefined` where requests go straight to the outbox. */
async function forwardNow(
  { forward, outbox }: Ports,
  address: string,
  deadline: Deadline,
): Promise<Forwarded['outcome'] | undefined> {
  if (!forward) return undefined;
  if (!outbox) return (await forward(address, deadline)).outcome;
  const forwardDeadline = deadline.part(FORWARD_SHARE);
  const { outcome } = await forward(address, forwardDeadline).finally(forwardDeadline.clear);
  return outcome;
}

async function refusalOfRobots(
  { humanCheck, goesOnUnchecked }: Ports,
  { humanCheckToken, source }: RecoveryRequest,
  deadline: Deadline,
): Promise<Outcome | undefined> {
  if (!humanCheck) return undefined;
  if (humanCheckToken === undefined) return 'human-check-failed';
  const verdict = await humanCheck.verify(humanCheckToken, source, deadline);
  if (verdict === 'not-human') return 'human-check-failed';
  if (verdict === 'human') return undefined;
  if (!goesOnUnchecked) return 'human-check-unavailable';
  goesOnUnchecked();
  return undefined;
}
