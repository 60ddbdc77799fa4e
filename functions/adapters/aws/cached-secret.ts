import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Deadline } from '../../core/deadline.ts';
import { startDeadline } from '../../runtime/deadline.ts';

/** A secret can be read but does not hold what it should. The message says why, and nothing of the value. */
export class MalformedSecret extends Error {
  override readonly name = 'MalformedSecret';
}

export interface SecretOptions {
  client: Pick<SecretsManagerClient, 'send'>;
  /** Name or ARN of the secret. */
  secretId: string;
  /** After so many milliseconds the secret is read again; meanwhile, and as long as that fails, the old one serves. */
  timeToLiveMs: number;
  /** How long a read may take, in milliseconds. The SDK's timeouts end with the head of a response; its body may hang. */
  readTimeoutMs: number;
  /** How long after a failed refresh the next one may start, in milliseconds. */
  refreshRetryMs: number;
  /** Called with the reason when the secret cannot be read and there is no older one; must not throw. */
  onError(reason: string): void;
  /** Called with the reason when the secret cannot be read and the older one serves; must not throw. */
  onRefreshFailed(reason: string): void;
}

/** What a secret holds, as far as this instance knows. */
export interface CachedSecret<Content> {
  /** As last read; `undefined` where it cannot be had within the deadline. Starts a read where that is due. */
  current(deadline: Deadline): Promise<Content | undefined>;
  /** As it is now, read again if the content so far `isStale`. */
  refreshIf(isStale: (content: Content) => boolean, deadline: Deadline): Promise<Content | undefined>;
  /** Resolves when the first read is over, however it ended. */
  ready: Promise<void>;
}

/**
 * A secret in Secrets Manager, kept in this instance; at most one read is under way at a time, and the first one starts at
 * once. A stale one is returned while it is read again. `parse` gets the trimmed text, and throws
 * {@link MalformedSecret}.
 */
export function createCachedSecret<Content>(
  options: SecretOptions,
  parse: (value: string) => Content,
): CachedSecret<Content> {
  let content: Content | undefined;
  let staleAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function read(): Promise<void> {
    reading ??= fetchSecret(options)
      .then(({ SecretString }) => {
        content = parse(SecretString?.trim() ?? '');
        staleAt = performance.now() + options.timeToLiveMs;
      })
      .catch((error: NodeJS.ErrnoException) => {
        const reason = `secret ${options.secretId}: ${reasonOf(error)}`;
        staleAt = performance.now() + options.refreshRetryMs;
        // Lambda may have frozen the instance in the middle of a refresh: as long as there is a secret, that is no error
        if (content === undefined) options.onError(reason);
        else options.onRefreshFailed(reason);
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    ready: read(),
    async current(deadline) {
      if (content === undefined) await deadline.waitFor(read());
      else if (performance.now() >= staleAt) void read();
      return content;
    },
    async refreshIf(isStale, deadline) {
      if (content !== undefined && isStale(content)) await deadline.waitFor(read());
      return content;
    },
  };
}

async function fetchSecret({ client, secretId, readTimeoutMs }: SecretOptions) {
  const timeout = startDeadline(readTimeoutMs);
  try {
    return await timeout.enforce((abortSignal) =>
      client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal }),
    );
  } finally {
    timeout.clear();
  }
}

/** The name of an SDK's error, and its code where it has one: its message is AWS's text, and may quote the request. */
function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof MalformedSecret) return error.message;
  return error.code === undefined ? error.name : `${error.name} ${error.code}`;
}
