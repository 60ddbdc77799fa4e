import type { RegisterCredential } from '../complete-recovery/recovery-link.ts';
import { registerCredentialWith } from '../register-credential/register-credential.ts';
import { loadSdkFile } from './sdk-file.ts';

// the bundler replaces it with the hosts of the tenant's region
declare const SDK_HOSTS: readonly string[];

/** The callback of the page `/bind`, for a tenant of the v1 platform. */
export const registerCredential: RegisterCredential = registerCredentialWith({
  loadSdk: loadSdkFile,
  allowedDomains: SDK_HOSTS,
});
