/** Registers a credential on this device with the link. Loads the SDK only after the user has confirmed. */
export async function registerCredential(link) {
  const { Embedded } = await import('@beyondidentity/bi-sdk-js');
  const embedded = await Embedded.initialize();
  const { postBindingRedirectUri } = await embedded.bindPasskey(link.href);
  return { redirectUrl: postBindingRedirectUri };
}
