/** How to try the pages without a fingerprint reader, PIN or security key. */
export const VIRTUAL_AUTHENTICATOR_HINT =
  'Chrome DevTools can emulate an authenticator: More tools, WebAuthn, "Enable virtual authenticator environment", then add one (ctap2, internal) that supports resident keys and user verification.';
