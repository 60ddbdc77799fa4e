import { type Pause, pauseFor, restOf } from '../element/countdown.ts';
import { property } from '../property.ts';

/** Key of the storage. */
const KEY = 'recover-user-form';

/** Enough for a user who tries all addresses that come to mind. */
const MAX_RECORDS = 10;

/** A request in its cooldown. The address is kept as a salted hash. */
interface RecentRequest {
  readonly hash: string;
  /** The end of the cooldown, in milliseconds since the epoch. */
  readonly until: number;
}

interface Memory {
  readonly salt: string;
  readonly requests: readonly RecentRequest[];
}

/** What identifies a request: another endpoint may send an email to the same address. */
export interface RequestKey {
  readonly endpoint: string;
  readonly email: string;
}

/**
 * Remembers the addresses in their cooldown, in which the endpoint would accept a request and send no email. It lasts as long as
 * the tab, across reloads; as long as the object where the browser has no storage or no Web Crypto (on a page without TLS).
 */
export class RecentRequests {
  readonly #pauses = new Map<string, Pause>();

  /** Remembers that an endpoint has accepted an address. Never rejects. */
  async remember(request: RequestKey, pause: Pause): Promise<void> {
    const key = keyOf(request);
    this.#pauses.set(key, pause);
    try {
      const { salt, requests } = readMemory();
      const hash = await hashOf(salt + key);
      const others = requests.filter((one) => one.hash !== hash);
      const memory = { salt, requests: [...others, { hash, until: pause.until }].slice(-MAX_RECORDS) };
      sessionStorage.setItem(KEY, JSON.stringify(memory));
    } catch {
      // the user can do without
    }
  }

  /**
   * The rest of the cooldown of a request, if any, which is never longer than the whole: a clock may have been corrected
   * meanwhile. Never rejects.
   */
  async find(request: RequestKey, cooldownSeconds: number): Promise<Pause | undefined> {
    const key = keyOf(request);
    const pause = this.#pauses.get(key);
    if (pause && restOf(pause) > 0) return pause;
    const rest = (await findStored(key)) - Date.now();
    return rest > 0 && rest <= cooldownSeconds * 1000 ? pauseFor(rest / 1000) : undefined;
  }
}

/** The endpoint ignores the letter case too. */
function keyOf({ endpoint, email }: RequestKey): string {
  return JSON.stringify([endpoint, email.toLowerCase()]);
}

/** The end of the cooldown, in milliseconds since the epoch; 0 without a record. */
async function findStored(key: string): Promise<number> {
  try {
    const { salt, requests } = readMemory();
    if (requests.length === 0) return 0;
    const hash = await hashOf(salt + key);
    return requests.find((request) => request.hash === hash)?.until ?? 0;
  } catch {
    return 0;
  }
}

async function hashOf(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

/** Other scripts of the page can write to the storage, too. */
function readMemory(): Memory {
  const parsed: unknown = parseJson(sessionStorage.getItem(KEY) ?? '');
  const salt = property(parsed, 'salt');
  const requests = property(parsed, 'requests');
  if (typeof salt !== 'string' || !Array.isArray(requests)) {
    return { salt: hex(crypto.getRandomValues(new Uint8Array(16))), requests: [] };
  }
  const now = Date.now();
  return { salt, requests: requests.filter(isRecentRequest).filter(({ until }) => until > now) };
}

function isRecentRequest(value: unknown): value is RecentRequest {
  return typeof property(value, 'hash') === 'string' && Number.isSafeInteger(property(value, 'until'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
