/**
 * Why a recovery link does not work. The host's callback reports it as the `reason` of an error. `invalid`: expired, replaced or
 * used, and the tenant does not say which. `no-authenticator`: the device has nothing to set up a credential with. `offline`: the
 * sign-in service could not be reached.
 */
export type RecoveryProblem = 'expired' | 'used' | 'invalid' | 'malformed' | 'no-authenticator' | 'offline';

/**
 * Registers a credential on this device with a recovery link. The host page supplies it and calls the Beyond Identity SDK in it.
 * It may resolve with an object whose `redirectUrl` is where the tenant wants the user to go on: the element follows it only if it
 * is one of `authentication-urls`.
 *
 * Rejects with an error whose `reason` is a {@link RecoveryProblem}, and with the browser's `NotAllowedError` or `AbortError` if
 * the user cancels. The user can retry after any other rejection. `signal` aborts when the user cancels; a callback that cannot
 * stop may ignore it.
 */
export type RegisterCredential = (link: URL, options: { readonly signal: AbortSignal }) => Promise<unknown>;

/** The errors by which browsers report that no authenticator fits (WebAuthn Level 3, section 5.1.3). */
const NO_AUTHENTICATOR_ERRORS = ['NotSupportedError', 'ConstraintError'];

const PROBLEMS: readonly RecoveryProblem[] = [
  'expired',
  'used',
  'invalid',
  'malformed',
  'no-authenticator',
  'offline',
];

/** Maps a rejection of the callback to a state of the element. */
export function outcomeOfFailure(error: unknown): RecoveryProblem | 'cancelled' | 'failed' {
  if (typeof error !== 'object' || error === null) return 'failed';
  const name: unknown = Reflect.get(error, 'name');
  if (name === 'NotAllowedError' || name === 'AbortError') return 'cancelled';
  const reason: unknown = Reflect.get(error, 'reason');
  const problem = PROBLEMS.find((one) => one === reason);
  if (problem !== undefined) return problem;
  return NO_AUTHENTICATOR_ERRORS.some((one) => one === name) ? 'no-authenticator' : 'failed';
}
