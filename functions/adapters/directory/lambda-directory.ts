import * as z from 'zod/mini';
import { canonicalAddress } from '../../core/address.ts';
import { type Directory, knownUser } from '../../core/directory.ts';

/** Invokes the function with a document of JSON; resolves with the one that it returns. Throws what the SDK throws. */
export type Invoke = (request: string, signal: AbortSignal) => Promise<string>;

export interface LambdaDirectoryOptions {
  invoke: Invoke;
  /** Called with the reason when the function gives no usable response; must not throw. */
  failed(reason: string): void;
}

/** What the function returns: the user's reference, or `null` where it knows no such user. */
const response = z.object({ reference: z.nullable(z.string().check(z.minLength(1), z.maxLength(1024))) });

/**
 * A Lambda function of the app's, which finds users wherever they are kept. It gets `{"email": "..."}`, normalized with the
 * letter case as typed, and returns `{"reference": "..."}` or `{"reference": null}`.
 */
export function createLambdaDirectory({ invoke, failed }: LambdaDirectoryOptions): Directory {
  return {
    async resolve(address, deadline) {
      try {
        const text = await deadline.enforce((signal) => invoke(JSON.stringify({ email: address }), signal));
        const { data } = response.safeParse(JSON.parse(text));
        if (data === undefined) {
          failed('the function returned neither {"reference": "..."} nor {"reference": null}');
          return undefined;
        }
        const { reference } = data;
        if (reference === null) return { user: canonicalAddress(address), references: [] };
        return knownUser(reference, [reference]);
      } catch (error) {
        failed(error instanceof Error ? error.name : typeof error);
        return undefined;
      }
    },
  };
}
