import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A message in a queue; times in milliseconds since 1970. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  /** How often it has been received. */
  readonly receiveCount: number;
  /** When it was received first; `undefined` until then. */
  readonly firstReceivedAt: number | undefined;
  /** From when on it can be received. */
  readonly visibleAt: number;
}

/** A message as a consumer gets it, with the handle of this one receipt. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
}

/** What became of a change of visibility. */
export type VisibilityChange = 'changed' | 'not-in-flight' | 'gone' | 'unknown-handle';

/** How a queue starts. */
export interface MessageQueueOptions {
  readonly visibilityTimeoutSeconds: number;
  /** After so many receipts, a message goes to the dead letters instead of being received once more. */
  readonly redrive?: { readonly maximumReceives: number; readonly deadLetters: MessageQueue };
}

/** A standard queue of SQS: at-least-once delivery, a visibility timeout for each receipt, a dead-letter queue. */
export interface MessageQueue {
  readonly visibilityTimeoutSeconds: number;
  readonly redrive: MessageQueueOptions['redrive'];
  /** All that it holds, hidden ones included, in the order of their arrival. */
  readonly messages: readonly QueuedMessage[];
  /** How many consumers wait for a message. */
  readonly waiting: number;
  /** How many messages can be received, have been received and not deleted, or wait for the end of their delay. */
  depth(): { visible: number; inFlight: number; delayed: number };
  /** Takes a message in; returns its id. */
  send(body: string, delaySeconds?: number): string;
  /** Takes a message over from another queue, with its id and its age. */
  take(message: QueuedMessage): void;
  /** Hands out what is visible, up to `maximum` messages, and hides it; moves what has been received too often. */
  receive(maximum: number, visibilityTimeoutSeconds?: number): ReceivedMessage[];
  /** Whether the handle was issued here. Only a message's last handle deletes it: the others may not, says AWS. */
  delete(receiptHandle: string): boolean;
  changeVisibility(receiptHandle: string, timeoutSeconds: number): VisibilityChange;
  /** Resolves when a message may have become visible, after `withinMs` milliseconds, or when the signal aborts. */
  changed(withinMs: number, signal: AbortSignal): Promise<void>;
  /** Lets a copy of each of the next `times` received messages stay, as at-least-once delivery may. */
  deliverTwice(times?: number): void;
  /** Makes everything in the queue so many seconds older, and whatever is hidden visible so much earlier. */
  elapse(seconds: number): void;
}

interface Entry {
  readonly messageId: string;
  readonly body: string;
  sentAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  visibleAt: number;
}

/** An empty queue. */
export function createMessageQueue({ visibilityTimeoutSeconds, redrive }: MessageQueueOptions): MessageQueue {
  const entries = new Set<Entry>();
  /** Every handle that was issued, for the life of the queue: a deleted message's is still a valid one. */
  const receipts = new Map<string, Entry>();
  const lastReceipts = new Map<Entry, string>();
  const waiting = new Set<() => void>();
  let copiesToKeep = 0;

  function wake(): void {
    for (const resolve of waiting) resolve();
  }

  function receive(maximum: number, timeoutSeconds = visibilityTimeoutSeconds): ReceivedMessage[] {
    const now = Date.now();
    const received: ReceivedMessage[] = [];
    for (const entry of [...entries]) {
      if (received.length === maximum) break;
      if (entry.visibleAt > now) continue;
      if (redrive && entry.receiveCount >= redrive.maximumReceives) {
        entries.delete(entry);
        redrive.deadLetters.take(entry);
      } else received.push(receiveOne(entry, now, timeoutSeconds));
    }
    return received;
  }

  function receiveOne(entry: Entry, now: number, timeoutSeconds: number): ReceivedMessage {
    const firstReceivedAt = entry.firstReceivedAt ?? now;
    const receiptHandle = randomBytes(96).toString('base64');
    Object.assign(entry, {
      receiveCount: entry.receiveCount + 1,
      firstReceivedAt,
      visibleAt: now + timeoutSeconds * 1000,
    });
    receipts.set(receiptHandle, entry);
    lastReceipts.set(entry, receiptHandle);
    if (copiesToKeep > 0) {
      copiesToKeep -= 1;
      entries.add({ ...entry, visibleAt: now });
      wake();
    }
    const { messageId, body, sentAt, receiveCount } = entry;
    return { messageId, receiptHandle, body, sentAt, receiveCount, firstReceivedAt };
  }

  return {
    visibilityTimeoutSeconds,
    redrive,
    get messages() {
      return [...entries].map((entry) => ({ ...entry }));
    },
    get waiting() {
      return waiting.size;
    },
    depth() {
      const now = Date.now();
      const hidden = [...entries].filter((entry) => entry.visibleAt > now);
      const delayed = hidden.filter((entry) => entry.receiveCount === 0).length;
      return { visible: entries.size - hidden.length, inFlight: hidden.length - delayed, delayed };
    },
    send(body, delaySeconds = 0) {
      const now = Date.now();
      const messageId = randomUUID();
      const visibleAt = now + delaySeconds * 1000;
      entries.add({ messageId, body, sentAt: now, receiveCount: 0, firstReceivedAt: undefined, visibleAt });
      wake();
      return messageId;
    },
    take(message) {
      entries.add({ ...message, visibleAt: Date.now() });
      wake();
    },
    receive,
    delete(receiptHandle) {
      const entry = receipts.get(receiptHandle);
      if (entry !== undefined && lastReceipts.get(entry) === receiptHandle) entries.delete(entry);
      return entry !== undefined;
    },
    changeVisibility(receiptHandle, timeoutSeconds) {
      const entry = receipts.get(receiptHandle);
      if (entry === undefined) return 'unknown-handle';
      if (!entries.has(entry) || lastReceipts.get(entry) !== receiptHandle) return 'gone';
      if (entry.visibleAt <= Date.now()) return 'not-in-flight';
      entry.visibleAt = Date.now() + timeoutSeconds * 1000;
      wake();
      return 'changed';
    },
    changed(withinMs, signal) {
      const now = Date.now();
      const later = [...entries].map((entry) => entry.visibleAt).filter((visibleAt) => visibleAt > now);
      const { promise, resolve } = Promise.withResolvers<void>();
      // unreferenced, so that waiting alone keeps no process alive
      const timer = setTimeout(resolve, Math.min(withinMs, ...later.map((time) => time - now))).unref();
      waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(resolve);
      });
    },
    deliverTwice(times = 1) {
      copiesToKeep = times;
    },
    elapse(seconds) {
      for (const entry of entries) {
        entry.sentAt -= seconds * 1000;
        entry.visibleAt -= seconds * 1000;
        if (entry.firstReceivedAt !== undefined) entry.firstReceivedAt -= seconds * 1000;
      }
      wake();
    },
  };
}

/** MD5 of a message's body in hexadecimal digits, by which both sides check it. */
export function md5Of(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
