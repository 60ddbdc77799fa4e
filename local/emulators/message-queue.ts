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
  /** When it becomes visible to consumers. */
  readonly visibleAt: number;
}

/** A message as a consumer receives it, with the handle of this receipt. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
}

/** The result of a change of visibility. */
export type VisibilityChange = 'changed' | 'not-in-flight' | 'gone' | 'unknown-handle';

/** Options of a queue. */
export interface MessageQueueOptions {
  readonly visibilityTimeoutSeconds: number;
  /** After so many receipts, a message moves to the dead-letter queue. */
  readonly redrive?: { readonly maximumReceives: number; readonly deadLetters: MessageQueue };
}

/** A standard SQS queue: at-least-once delivery, a visibility timeout per receipt, a dead-letter queue. */
export interface MessageQueue {
  readonly visibilityTimeoutSeconds: number;
  readonly redrive: MessageQueueOptions['redrive'];
  /** All messages in order of arrival, hidden ones included. */
  readonly messages: readonly QueuedMessage[];
  /** How many consumers wait for a message. */
  readonly waiting: number;
  /** How many messages are visible, in flight, and delayed. */
  depth(): { visible: number; inFlight: number; delayed: number };
  /** Adds a message; returns its id. */
  send(body: string, delaySeconds?: number): string;
  /** Adds a message from another queue, with its id and its timestamps. */
  take(message: QueuedMessage): void;
  /** Returns up to `maximum` visible messages and hides them; moves those received too often to the dead-letter queue. */
  receive(maximum: number, visibilityTimeoutSeconds?: number): ReceivedMessage[];
  /** Returns whether the handle is valid. Only the handle of a message's last receipt deletes it. */
  delete(receiptHandle: string): boolean;
  changeVisibility(receiptHandle: string, timeoutSeconds: number): VisibilityChange;
  /** Resolves when a message may have become visible, at the latest after `withinMs`, or when the signal aborts. */
  changed(withinMs: number, signal: AbortSignal): Promise<void>;
  /** Keeps a copy of each of the next `times` received messages, as at-least-once delivery may. */
  deliverTwice(times?: number): void;
  /** Advances the queue's time by so many seconds. */
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
  /** Every handle ever issued: that of a deleted message stays valid. */
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
      // unreferenced: a pending poll must not keep the process alive
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

/** The MD5 of a message's body in hexadecimal, which the SDK verifies. */
export function md5Of(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
