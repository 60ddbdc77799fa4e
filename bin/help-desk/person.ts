import { canonicalAddress } from '../../functions/core/address.ts';
import { isEmailAddress, normalizeAddress } from '../../functions/recover-user/http/email-address.ts';
import { OperatorError } from '../stack-outputs.ts';

/** Whom a command of the help desk is about. */
export interface Person {
  /** In the form in which the endpoint forwards it; never printed or logged. */
  address: string;
  /** The name under which the endpoint counts requests of the address, before it is made a pseudonym. */
  user: string;
}

/** The person with the one address among the arguments. Throws {@link OperatorError} without quoting them. */
export function personNamed(positionals: readonly string[], command: string): Person {
  const [typed, ...others] = positionals;
  const address = normalizeAddress(typed ?? '');
  if (others.length > 0 || !isEmailAddress(address)) {
    throw new OperatorError(
      `Name one valid email address. For example: npm run ${command} -- jane@example.com`,
    );
  }
  return { address, user: canonicalAddress(address) };
}
