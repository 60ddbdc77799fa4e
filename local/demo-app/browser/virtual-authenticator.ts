/** What who has no fingerprint reader, PIN or security key at hand can try the pages with. */
export const VIRTUAL_AUTHENTICATOR_HINT =
  'In Chrome, DevTools can stand in for one: More tools, WebAuthn, "Enable virtual authenticator environment", and add one (ctap2, internal) that supports resident keys and user verification.';
