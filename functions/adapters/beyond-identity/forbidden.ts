import type { ForwardResult } from '../../core/forward.ts';
import type { CallFailure } from './api-call.ts';

/** Makes the calls for one user; `undefined`: there was no time for the first. */
type Calls<Found> = () => Promise<Found | CallFailure | undefined>;

/**
 * Makes the calls for one user, and finds out what a 403 is about: the token, or this one request. Only a call for a user
 * who cannot exist, the `probe`, can say which.
 */
export async function recoverUnlessForbidden<Found extends { outcome: 'found' }>(
  recover: Calls<Found>,
  probe: Calls<Found>,
  forbiddenForOneUser: () => void,
): Promise<Found | ForwardResult> {
  const result = await recover();
  if (result?.outcome !== 'forbidden') return result ?? { outcome: 'deadline-exceeded' };

  const probed = await probe();
  if (probed === undefined) return { outcome: 'deadline-exceeded' };
  if (probed.outcome === 'forbidden') return { outcome: 'token-refused' };
  if (probed.outcome !== 'not-recoverable' && probed.outcome !== 'forwarded') return probed;
  // a rate limit or a restart in front of Beyond Identity may forbid a call, too, and passes
  const again = await recover();
  if (again?.outcome !== 'forbidden') return again ?? { outcome: 'deadline-exceeded' };
  forbiddenForOneUser();
  return { outcome: 'not-recoverable' };
}
