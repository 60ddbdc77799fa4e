import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, jest } from '@jest/globals';
import {
  type CaptchaOptions,
  type CaptchaProvider,
  createCaptchaVerifier,
} from '../../../../functions/adapters/captcha/captcha-verifier.ts';
import type { Deadline } from '../../../../functions/core/deadline.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';
import {
  type CaptchaProviderEmulator,
  SIMULATED_CAPTCHA_SECRET,
  startCaptchaProvider,
} from '../../../emulators/captcha/captcha-provider.ts';

/** The providers that a verifier can call. */
export const PROVIDERS: CaptchaProvider[] = ['turnstile', 'hcaptcha', 'recaptcha'];
/** The client IP in the tests. */
export const SOURCE_IP = '203.0.113.7';

/** The deadline of the current test. */
export let deadline: Deadline;
const unavailable = jest.fn<(reason: string) => void>();
const closings: (() => Promise<unknown>)[] = [];

/** The reasons that verifiers reported for being unavailable in the current test. */
export const reportedReasons = () => unavailable.mock.calls.map(([reason]) => reason);

/** Gives each test of the file a deadline, and closes what it started. */
export function useVerifiers(): void {
  beforeEach(() => {
    unavailable.mockReset();
    deadline = startDeadline(10_000);
  });
  afterEach(async () => {
    deadline.clear();
    await Promise.all(closings.splice(0).map((close) => close()));
  });
}

/** Creates a verifier with the simulated secret key, which calls the provider by this client or at this URL. */
export function createVerifier(
  via: Pick<CaptchaOptions, 'client' | 'verifyUrl'>,
  provider: CaptchaProvider,
  options: Partial<CaptchaOptions> = {},
) {
  return createCaptchaVerifier({
    provider,
    secret: async () => SIMULATED_CAPTCHA_SECRET,
    ...via,
    onUnavailable: unavailable,
    timeoutMs: 10_000,
    ...options,
  });
}

/** Starts the emulator of a provider, and a verifier that calls it. */
export async function startVerifier(provider: CaptchaProvider, options: Partial<CaptchaOptions> = {}) {
  const simulated = await startCaptchaProvider({ provider });
  closings.push(simulated.close);
  const captcha = createVerifier(simulated, provider, options);
  const verify = (token: string, sourceIp: string | undefined = SOURCE_IP) =>
    captcha.verify(token, sourceIp, deadline);
  return { simulated, verify };
}

/** The form that the emulator received last. */
export function lastForm({ requests }: CaptchaProviderEmulator): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(requests.at(-1)?.body));
}

/** Starts a provider that responds with anything. Resolves with its URL. */
export async function startProvider(respond: RequestListener): Promise<URL> {
  const server = createServer(respond);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port }: Pick<AddressInfo, 'port'> = Object(server.address());
  return new URL(`http://127.0.0.1:${port}/siteverify`);
}
