/** Why a recovery link is invalid. The host's callback reports it as the `reason` of an error. */
export type LinkProblem = 'expired' | 'used' | 'malformed';

/**
 * Registers a credential on this device with a recovery link. The host page supplies it and calls the Beyond Identity SDK in it.
 * Rejects with an error whose `reason` is a {@link LinkProblem} if the link is invalid, and with the browser's
 * `NotAllowedError` if the user cancels. The user can retry after any other rejection.
 */
export type RegisterCredential = (link: URL) => Promise<void>;

/** Maps a rejection of the callback to a state of the element. */
export function outcomeOfFailure(error: unknown): LinkProblem | 'cancelled' | 'failed' {
  if (typeof error !== 'object' || error === null) return 'failed';
  if (Reflect.get(error, 'name') === 'NotAllowedError') return 'cancelled';
  const reason: unknown = Reflect.get(error, 'reason');
  return reason === 'expired' || reason === 'used' || reason === 'malformed' ? reason : 'failed';
}
