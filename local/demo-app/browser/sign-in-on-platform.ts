import { authenticate, type Outcome } from './authenticate.ts';
import { signInWithSdk } from './sign-in-with-sdk.ts';
import { readClientConfig } from './v1-tenant-client.ts';

/** Signs in with a credential that the recovery on this tenant's platform has created. Never rejects. */
export async function signInOnPlatform(): Promise<Outcome> {
  try {
    const { platform, tenantUrl } = await readClientConfig();
    return platform === 'v1' ? signInWithSdk(tenantUrl) : authenticate();
  } catch {
    return { kind: 'unreachable' };
  }
}
