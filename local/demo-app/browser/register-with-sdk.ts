import { V1_URLS } from '../../../lib/config/beyond-identity-urls.ts';
import type { RegisterCredential } from '../../../web/complete-recovery/recovery-link.ts';
import { loadSdkFile } from '../../../web/pages/sdk-file.ts';
import { registerCredentialWith } from '../../../web/register-credential/register-credential.ts';
import { noteRecovery } from './just-recovered.ts';
import { interceptVendorCalls } from './vendor-calls.ts';

const register = registerCredentialWith({
  loadSdk: loadSdkFile,
  // the SDK makes a software passkey here, which waits for nobody
  bindTimeoutMs: 10_000,
  allowedDomains: Object.values(V1_URLS.us).map((url) => new URL(url).hostname),
});

/** Registers as the ready page `/bind` does, with the simulated tenant in place of the vendor's servers. */
export const registerCredential: RegisterCredential = async (link, options) => {
  await interceptVendorCalls();
  // the user may have canceled meanwhile
  options.signal.throwIfAborted();
  const registered = await register(link, options);
  noteRecovery();
  return registered;
};
