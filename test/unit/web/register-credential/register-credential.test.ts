import { describe, expect, test } from '@jest/globals';
import { outcomeOfFailure } from '../../../../web/complete-recovery/recovery-link.ts';
import { createRegisterCredential } from '../../../../web/register-credential/index.ts';
import { type FakeBehavior, fakeSdk } from './fake-sdk.ts';

const HREF = 'https://app.example.com/bind?api_base_url=https%3A%2F%2Fauth-us.beyondidentity.com&token=abc';
const LINK = new URL(HREF);
const goOn = () => ({ signal: new AbortController().signal });
const never = () => new Promise<never>(() => {});

/** The state that `<complete-recovery>` shows, and how often the SDK was asked to bind. */
async function outcomeOf(behavior: FakeBehavior, limits: object = {}) {
  const sdk = fakeSdk(behavior);
  const register = createRegisterCredential({ loadSdk: sdk.loadSdk, ...limits });
  const outcome = await register(LINK, goOn()).then(() => 'done', outcomeOfFailure);
  return { outcome, binds: sdk.calls.filter((call) => call.startsWith('bindPasskey')).length };
}

const failing = (message: string, name = 'Error') => ({
  bindPasskey: () => Promise.reject(Object.assign(new Error(message), { name })),
});

describe('registering a credential with the SDK', () => {
  test('loads nothing before it is called, then binds the link and resolves with the redirect of the tenant', async () => {
    const redirect = 'https://app.example.com/sign-in';
    const sdk = fakeSdk({ bindPasskey: async () => ({ passkey: {}, postBindingRedirectUri: redirect }) });
    const register = createRegisterCredential({ loadSdk: sdk.loadSdk });
    expect(sdk.calls).toEqual([]);
    expect(await register(LINK, goOn())).toEqual({ redirectUrl: redirect });
    expect(sdk.calls).toEqual(['load', 'initialize', `isBindPasskeyUrl ${HREF}`, `bindPasskey ${HREF}`]);
  });

  test('resolves without a redirect if the tenant has none', async () => {
    const { loadSdk } = fakeSdk();
    expect(await createRegisterCredential({ loadSdk })(LINK, goOn())).toEqual({ redirectUrl: undefined });
  });

  test('finds the SDK in the default export, as some bundlers expose it', async () => {
    const { loadSdk, calls } = fakeSdk({}, (module) => ({ default: module }));
    await createRegisterCredential({ loadSdk })(LINK, goOn());
    expect(calls).toContain(`bindPasskey ${HREF}`);
  });

  test.each([
    [undefined, ['beyondidentity.com', 'byndid.com', 'beyondidentity-gov.com']],
    [['auth-eu.beyondidentity.com'], ['auth-eu.beyondidentity.com']],
  ])(
    'with allowedDomains %j lets the token go to %j only, and silences the log of the SDK',
    async (given, allowedDomains) => {
      const sdk = fakeSdk();
      await createRegisterCredential({ loadSdk: sdk.loadSdk, allowedDomains: given })(LINK, goOn());
      expect(sdk.config).toEqual({ allowedDomains, logger: { write: expect.any(Function) } });
    },
  );

  test('starts the SDK once for several links', async () => {
    const { loadSdk, calls } = fakeSdk();
    const register = createRegisterCredential({ loadSdk });
    await register(LINK, goOn());
    await register(new URL('https://app.example.com/bind?token=other'), goOn());
    expect(calls.filter((call) => call === 'load' || call === 'initialize')).toEqual(['load', 'initialize']);
  });
});

describe('a registration that fails', () => {
  test.each([400, 401, 403, 404, 410, 422])(
    'with a %d of the tenant shows that the link does not work',
    async (status) => {
      const message = `Caused by: The server responded with a ${status} error: {"code":"gone"}`;
      expect(await outcomeOf(failing(message))).toMatchObject({ outcome: 'invalid' });
    },
  );

  test.each([408, 425, 429, 500, 503])('with a %d of the tenant can be tried again', async (status) => {
    const message = `Caused by: The server responded with a ${status} error: {}`;
    expect(await outcomeOf(failing(message))).toMatchObject({ outcome: 'failed' });
  });

  test.each<[string, FakeBehavior, string]>([
    ['the network fails', failing('Caused by: Failed to send a request.'), 'offline'],
    ['the link leads to a foreign host', failing('HandleUrl(Verify(Domain(DisallowedDomain)))'), 'malformed'],
    ['the API of the link is not https', failing('FlattenedError { error_type: InvalidUrl }'), 'malformed'],
    ['the user cancels', failing('tee error has occurred: NotAllowedError: timed out'), 'cancelled'],
    ['the user cancels, by name', failing('', 'AbortError'), 'cancelled'],
    ['the SDK says something else', failing('HandleUrl(BadUri)'), 'failed'],
    ['the SDK throws no error', { bindPasskey: () => Promise.reject('text') }, 'failed'],
    ['the SDK cannot be loaded', { load: () => Promise.reject(new TypeError('Failed to fetch')) }, 'failed'],
    ['the SDK cannot start', { initialize: () => Promise.reject(new Error('unsafe-eval')) }, 'failed'],
  ])('leads to the right state when %s', async (_, behavior, outcome) => {
    expect(await outcomeOf(behavior)).toMatchObject({ outcome });
  });

  test.each<[string, FakeBehavior]>([
    ['rejects the link', { isBindPasskeyUrl: () => false }],
    [
      'cannot read the link',
      {
        isBindPasskeyUrl() {
          throw new Error('bad');
        },
      },
    ],
  ])('does not bind when the SDK %s', async (_, behavior) => {
    const { outcome, binds } = await outcomeOf(behavior);
    expect([['malformed', 'failed'].includes(outcome), binds]).toEqual([true, 0]);
  });

  test.each([[{}], [{ Embedded: {} }], [undefined]])(
    'leads to another try when the module is %j',
    async (module) => {
      const register = createRegisterCredential({ loadSdk: async () => module });
      expect(await register(LINK, goOn()).catch(outcomeOfFailure)).toBe('failed');
    },
  );
});

describe('a time limit', () => {
  test('ends the wait for an SDK that never loads or never starts', async () => {
    const limits = { initializeTimeoutMs: 1 };
    expect(await outcomeOf({ load: never }, limits)).toEqual({ outcome: 'failed', binds: 0 });
    expect(await outcomeOf({ initialize: never }, limits)).toEqual({ outcome: 'failed', binds: 0 });
  });

  test('ends the wait for a registration that never ends; the next try waits for it, the one after begins anew', async () => {
    const results = [never, async () => ({})];
    const { loadSdk, calls } = fakeSdk({ bindPasskey: () => results.shift()?.() ?? never() });
    const register = createRegisterCredential({ loadSdk, bindTimeoutMs: 1 });
    const binds = () => calls.filter((call) => call.startsWith('bindPasskey')).length;
    expect(await register(LINK, goOn()).catch(outcomeOfFailure)).toBe('failed');
    expect(await register(LINK, goOn()).catch(outcomeOfFailure)).toBe('failed');
    expect(binds()).toBe(1);
    expect(await register(LINK, goOn())).toEqual({ redirectUrl: undefined });
    expect(binds()).toBe(2);
  });

  test.each([
    ['before', false],
    ['during', true],
  ])('does not lose a registration that succeeds after it, %s the next try', async (_, isDuring) => {
    const late = Promise.withResolvers<unknown>();
    const redirect = 'https://app.example.com/';
    const succeed = () => late.resolve({ postBindingRedirectUri: redirect });
    const { loadSdk, calls } = fakeSdk({ bindPasskey: () => late.promise });
    const register = createRegisterCredential({ loadSdk, bindTimeoutMs: 1 });
    expect(await register(LINK, goOn()).catch(outcomeOfFailure)).toBe('failed');
    if (!isDuring) succeed();
    const next = register(LINK, goOn());
    succeed();
    expect(await next).toEqual({ redirectUrl: redirect });
    expect(calls.filter((call) => call.startsWith('bindPasskey'))).toHaveLength(1);
  });
});

describe('the next try', () => {
  test('loads the SDK again after a failure to load it', async () => {
    let tries = 0;
    const sdk = fakeSdk({
      load: () => {
        tries += 1;
        return tries === 1 ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve();
      },
    });
    const register = createRegisterCredential({ loadSdk: sdk.loadSdk });
    expect(await register(LINK, goOn()).catch(outcomeOfFailure)).toBe('failed');
    expect(await register(LINK, goOn())).toEqual({ redirectUrl: undefined });
  });

  test('binds again after a failure to bind', async () => {
    const results = [
      () => Promise.reject(new Error('The server responded with a 503 error')),
      async () => ({}),
    ];
    const sdk = fakeSdk({ bindPasskey: () => results.shift()?.() ?? never() });
    const register = createRegisterCredential({ loadSdk: sdk.loadSdk });
    expect(await register(LINK, goOn()).catch(outcomeOfFailure)).toBe('failed');
    expect(await register(LINK, goOn())).toEqual({ redirectUrl: undefined });
  });
});

describe('a user who cancels', () => {
  test('stops it before the SDK binds', async () => {
    const cancellation = new AbortController();
    const { loadSdk, calls } = fakeSdk({ initialize: never });
    const registering = createRegisterCredential({ loadSdk })(LINK, cancellation);
    cancellation.abort();
    expect(await registering.catch(outcomeOfFailure)).toBe('cancelled');
    expect(calls).not.toContain(`bindPasskey ${HREF}`);
  });

  test('makes it bind nothing when the signal is aborted from the start', async () => {
    const { loadSdk, calls } = fakeSdk();
    const registering = createRegisterCredential({ loadSdk })(LINK, { signal: AbortSignal.abort() });
    expect(await registering.catch(outcomeOfFailure)).toBe('cancelled');
    expect(calls).not.toContain(`bindPasskey ${HREF}`);
  });

  test('stops it when the SDK has started already', async () => {
    const { loadSdk, calls } = fakeSdk();
    const register = createRegisterCredential({ loadSdk });
    await register(new URL('https://app.example.com/bind?token=other'), goOn());
    const registering = register(LINK, { signal: AbortSignal.abort() });
    expect(await registering.catch(outcomeOfFailure)).toBe('cancelled');
    expect(calls).not.toContain(`bindPasskey ${HREF}`);
  });

  test('does not lose a registration that has begun', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const cancellation = new AbortController();
    const sdk = fakeSdk({
      bindPasskey: () => {
        begun.resolve();
        return promise;
      },
    });
    const registering = createRegisterCredential({ loadSdk: sdk.loadSdk })(LINK, cancellation);
    await begun.promise;
    cancellation.abort();
    resolve({});
    expect(await registering).toEqual({ redirectUrl: undefined });
  });
});
