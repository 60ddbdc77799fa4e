import * as z from 'zod/mini';
import { LINK_PARAMETER, REGISTRATION_OPTIONS_PATH, REGISTRATION_VERIFY_PATH } from '../../paths.ts';
import { createCredential } from './authenticator.ts';
import { toDismissal } from './dismissal.ts';
import { noteRecovery } from './just-recovered.ts';
import { callTenant } from './tenant-client.ts';

const creationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ alg: z.number(), type: z.literal('public-key') })),
  timeout: z.exactOptional(z.number()),
  attestation: z.exactOptional(z.literal('none')),
  authenticatorSelection: z.object({
    residentKey: z.literal('required'),
    requireResidentKey: z.exactOptional(z.boolean()),
    userVerification: z.literal('required'),
  }),
});
const registered = z.object({ registered: z.literal(true) });

/**
 * Replaces the Beyond Identity SDK with WebAuthn, or the simulated authenticator, and the simulated tenant: resolves once the
 * device has a new credential and the tenant its public key. Rejects with a `reason` (`expired`, `used` or `malformed`) for an invalid link, with the browser's
 * `NotAllowedError` when the user cancels, and with any other error when the user can try again.
 */
export async function registerCredential(
  link: URL,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const token = link.searchParams.get(LINK_PARAMETER) ?? '';
  const optionsJSON = await callTenant(REGISTRATION_OPTIONS_PATH, { token }, creationOptions);
  const response = await createCredential(optionsJSON, signal).catch((error: unknown) => {
    throw toDismissal(error) ?? error;
  });
  await callTenant(REGISTRATION_VERIFY_PATH, { token, response }, registered);
  noteRecovery();
}
