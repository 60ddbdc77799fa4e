/** What can be wrong with a recovery link, as the host's callback tells it. */
export type LinkProblem = 'expired' | 'used' | 'malformed';

/**
 * Registers a credential on this device by a recovery link; the host supplies it, with the app's Beyond Identity SDK in it.
 * Rejects with an error whose `reason` is a {@link LinkProblem} where the link is no good, and with the browser's own
 * `NotAllowedError` where the person called it off; whatever else it rejects with may be tried again.
 */
export type RegisterCredential = (link: URL) => Promise<void>;

/** What a failed registration comes to. */
export function outcomeOfFailure(error: unknown): LinkProblem | 'cancelled' | 'failed' {
  if (typeof error !== 'object' || error === null) return 'failed';
  if (Reflect.get(error, 'name') === 'NotAllowedError') return 'cancelled';
  const reason: unknown = Reflect.get(error, 'reason');
  return reason === 'expired' || reason === 'used' || reason === 'malformed' ? reason : 'failed';
}
