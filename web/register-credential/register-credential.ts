import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';
import { property } from '../property.ts';
import { failureOf } from './failure.ts';
import { RegistrationError } from './registration-error.ts';
import { type PasskeySdk, startSdk } from './sdk.ts';
import { withTimeLimit } from './time-limit.ts';

/** The domains of the vendor's v1 platform, in every region: the token of a link goes to their hosts only. */
const VENDOR_DOMAINS = ['beyondidentity.com', 'byndid.com', 'beyondidentity-gov.com'];

/** Enough for 2.3 MB (compressed) on a slow mobile connection. */
const INITIALIZE_TIMEOUT_MS = 60_000;

/** Enough for a user who looks for a finger or a PIN. */
const BIND_TIMEOUT_MS = 180_000;

/** How a credential is registered with `@beyondidentity/bi-sdk-js` 3. */
export interface RegistrationOptions {
  /** Loads the module of the SDK. It is called when a user has confirmed, and again after a failure. */
  readonly loadSdk: () => Promise<unknown>;
  /** The domains to whose hosts the token of a link may go (default: the vendor's). */
  readonly allowedDomains?: readonly string[] | undefined;
  /**
   * Limit for loading and starting the SDK, in milliseconds (60 000). Without a limit, it waits for ever on a page whose
   * Content-Security-Policy has `'wasm-unsafe-eval'` in place of `'unsafe-eval'`.
   */
  readonly initializeTimeoutMs?: number | undefined;
  /** Limit for registering, the user's confirmation included, in milliseconds (180 000). */
  readonly bindTimeoutMs?: number | undefined;
}

/** A registration that has not ended. */
interface Binding {
  readonly link: string;
  readonly promise: Promise<unknown>;
}

/** A registration that succeeded, perhaps after its time limit. */
interface Bound {
  readonly link: string;
  readonly result: unknown;
}

/**
 * Creates a {@link RegisterCredential} that registers with the given SDK. It resolves with the tenant's `redirectUrl`, if there
 * is one. It rejects with a {@link RegistrationError} and nothing else, and logs nothing: the SDK's errors can contain the link
 * with its token.
 *
 * The signal stops it until the registration has begun. A call with the link of a registration that succeeded late resolves with its
 * result.
 */
export function registerCredentialWith({
  loadSdk,
  allowedDomains = VENDOR_DOMAINS,
  initializeTimeoutMs = INITIALIZE_TIMEOUT_MS,
  bindTimeoutMs = BIND_TIMEOUT_MS,
}: RegistrationOptions): RegisterCredential {
  let starting: Promise<PasskeySdk> | undefined;
  let pending: Binding | undefined;
  let bound: Bound | undefined;

  /** The SDK is started once, and anew after a failure. */
  async function ready(signal: AbortSignal): Promise<PasskeySdk> {
    const current = starting ?? start();
    starting = current;
    const restart = () => {
      if (starting === current) starting = undefined;
    };
    current.catch(restart);
    try {
      return await withTimeLimit(current, initializeTimeoutMs, signal);
    } catch (error) {
      if (!signal.aborted) restart();
      throw error;
    }
  }

  async function start(): Promise<PasskeySdk> {
    return startSdk(await loadSdk(), allowedDomains);
  }

  /**
   * The SDK cannot be stopped, and the link works once: after its time limit, the next call waits for the same binding, and only the
   * one after that begins anew. What succeeds late is the result of the next call.
   */
  async function bind(sdk: PasskeySdk, link: string): Promise<unknown> {
    if (bound?.link === link) return bound.result;
    const earlier = pending?.link === link ? pending : undefined;
    const { promise } = earlier ?? begin(sdk, link);
    try {
      return await withTimeLimit(promise, bindTimeoutMs);
    } catch (error) {
      if (earlier !== undefined && pending === earlier) pending = undefined;
      if (bound?.link === link) return bound.result;
      throw error;
    }
  }

  function begin(sdk: PasskeySdk, link: string): Binding {
    const promise = sdk.bindPasskey(link).then((result) => {
      bound = { link, result };
      return result;
    });
    const binding = { link, promise };
    const end = () => {
      if (pending === binding) pending = undefined;
    };
    promise.then(end, end);
    pending = binding;
    return binding;
  }

  async function register({ href }: URL, signal: AbortSignal): Promise<unknown> {
    const sdk = await ready(signal);
    if (signal.aborted) throw new RegistrationError('cancelled');
    if (!sdk.isBindPasskeyUrl(href)) throw new RegistrationError('malformed');
    const redirectUrl = property(await bind(sdk, href), 'postBindingRedirectUri');
    return { redirectUrl: typeof redirectUrl === 'string' ? redirectUrl : undefined };
  }

  return async (link, { signal }) => {
    try {
      return await register(link, signal);
    } catch (error) {
      throw error instanceof RegistrationError ? error : new RegistrationError(failureOf(error));
    }
  };
}
