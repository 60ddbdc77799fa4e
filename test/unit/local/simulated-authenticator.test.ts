import { expect, test } from '@jest/globals';
import {
  type CredentialStore,
  createSimulatedAuthenticator,
  type SimulatedCredential,
} from '../../../local/demo-app/browser/simulated-authenticator.ts';

const ORIGIN = 'http://localhost:3000';

/** A store that the test can read. */
function emptyStore(): CredentialStore & { readonly saved: SimulatedCredential[] } {
  const saved: SimulatedCredential[] = [];
  return {
    saved,
    load: async () => saved.at(-1),
    save: async (credential) => void saved.push(credential),
  };
}

test('rejects a sign-in without a credential as a browser does', async () => {
  const device = createSimulatedAuthenticator(ORIGIN);
  await expect(device.authenticate({ challenge: 'x' })).rejects.toMatchObject({ name: 'NotAllowedError' });
});

test('signs with the credential that the store has kept, for the user it was created for', async () => {
  const store = emptyStore();
  const created = await createSimulatedAuthenticator(ORIGIN, store).register({
    challenge: 'x',
    userId: 'amFuZQ',
  });
  const signed = await createSimulatedAuthenticator(ORIGIN, store).authenticate({ challenge: 'y' });
  expect([signed.id, signed.response.userHandle]).toEqual([created.id, 'amFuZQ']);
});

test('keeps a private key that cannot be exported', async () => {
  const store = emptyStore();
  await createSimulatedAuthenticator(ORIGIN, store).register({ challenge: 'x', userId: 'amFuZQ' });
  expect(store.saved).toMatchObject([{ privateKey: { extractable: false } }]);
});

test('names the origin and the challenge in what it signs', async () => {
  const { response } = await createSimulatedAuthenticator(ORIGIN).register({
    challenge: 'x',
    userId: 'amFuZQ',
  });
  const clientData: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString());
  expect(clientData).toEqual({ type: 'webauthn.create', challenge: 'x', origin: ORIGIN, crossOrigin: false });
});
