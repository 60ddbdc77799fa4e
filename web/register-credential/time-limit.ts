import { RegistrationError } from './registration-error.ts';

/** Settles as the promise does, or rejects after the given time, or when the signal aborts. It leaves no timer behind. */
export async function withTimeLimit<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<Value> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new RegistrationError('cancelled'));
  const timer = setTimeout(() => reject(new RegistrationError('failed')), milliseconds);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await Promise.race([promise, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
