import type { Deadline } from './deadline.ts';

/** What Beyond Identity made of one call. */
export type Answer = 'forwarded' | 'not-recoverable' | 'token-refused' | 'upstream-failed';

/** What the human check's provider says of a token. */
export type HumanCheckVerdict = 'human' | 'not-human' | 'unavailable';

/** What a request came to. */
export type Outcome =
  | Answer
  | 'throttled'
  | 'token-unavailable'
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

/** `mailbox` is a pseudonym; `undefined` where the request did not get that far. */
export interface RecoveryResult {
  outcome: Outcome;
  mailbox?: string;
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

/** Where the app's users are found by their address. */
export interface Directory {
  /**
   * The identifier under which the app created this user in Beyond Identity; of an unknown user, anything that is nobody's
   * (the address, for example). Must give up at the deadline.
   */
  externalIdOf(address: string, deadline: Deadline): Promise<string>;
}

/** The tenant's API token, which somebody may rotate at any moment. */
export interface ApiToken {
  /** The token as last read, or `undefined` where none can be had within the deadline. */
  current(deadline: Deadline): Promise<string | undefined>;
  /** The token as it is now, read anew unless that happened since `refused` was handed out. */
  renewed(refused: string, deadline: Deadline): Promise<string | undefined>;
}

/** Recovery at Beyond Identity: has the link mailed to the user's own registered address. */
export interface BeyondIdentity {
  recoverUser(externalId: string, apiToken: string, deadline: Deadline): Promise<Answer>;
}

export interface Ports {
  /** Absent: nobody is asked to be human. */
  humanCheck?: HumanCheck | undefined;
  /** Whether a request goes on when the human check's provider cannot be asked. */
  goesOnUnchecked: boolean;
  pseudonyms: Pseudonyms;
  ledger: AttemptLedger;
  directory: Directory;
  apiToken: ApiToken;
  beyondIdentity: BeyondIdentity;
}

/** Recovers a user by the deadline; never throws for what the outside world does. */
export type RecoverUser = (request: RecoveryRequest, deadline: Deadline) => Promise<RecoveryResult>;

/** The use case: check, admit, resolve, forward. */
export function createRecoverUser(ports: Ports): RecoverUser {
  return async (request, deadline) => {
    const refusal = await refusalOfRobots(ports, request, deadline);
    if (refusal) return { outcome: refusal };

    const mailbox = await ports.pseudonyms.of(request.address, deadline);
    if (mailbox === undefined) return { outcome: 'token-unavailable' };
    if (!(await ports.ledger.admit(mailbox, deadline))) return { outcome: 'throttled', mailbox };

    const externalId = await ports.directory.externalIdOf(request.address, deadline);
    return { outcome: await forward(ports, externalId, deadline), mailbox };
  };
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
  return verdict === 'human' || goesOnUnchecked ? undefined : 'human-check-unavailable';
}

/** Once more with a fresh API token where the first one was refused, so that a rotation loses nothing. */
async function forward(
  { apiToken, beyondIdentity }: Ports,
  externalId: string,
  deadline: Deadline,
): Promise<Outcome> {
  const token = await apiToken.current(deadline);
  if (token === undefined) return 'token-unavailable';
  const answer = await beyondIdentity.recoverUser(externalId, token, deadline);
  if (answer !== 'token-refused') return answer;

  const freshToken = await apiToken.renewed(token, deadline);
  if (freshToken === undefined) return 'token-unavailable';
  return beyondIdentity.recoverUser(externalId, freshToken, deadline);
}
