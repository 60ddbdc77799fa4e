/** What a fake of `@beyondidentity/bi-sdk-js` does. */
export interface FakeBehavior {
  readonly load?: () => Promise<void>;
  readonly initialize?: () => Promise<void>;
  readonly isBindPasskeyUrl?: () => boolean;
  readonly bindPasskey?: () => Promise<unknown>;
}

/** A fake of the SDK in place of the module, which records its calls in order. */
export interface FakeSdk {
  readonly calls: readonly string[];
  /** What the last start was given. */
  readonly config: object | undefined;
  readonly loadSdk: () => Promise<unknown>;
}

/** A fake that does everything right at once, but for the given behavior. */
export function fakeSdk(behavior: FakeBehavior = {}, wrap = (module: object): unknown => module): FakeSdk {
  const calls: string[] = [];
  let latest: object | undefined;
  class Embedded {
    static async initialize(config: object): Promise<Embedded> {
      calls.push('initialize');
      latest = config;
      await behavior.initialize?.();
      return new Embedded();
    }

    isBindPasskeyUrl(url: string): boolean {
      calls.push(`isBindPasskeyUrl ${url}`);
      return behavior.isBindPasskeyUrl?.() ?? true;
    }

    async bindPasskey(url: string): Promise<unknown> {
      calls.push(`bindPasskey ${url}`);
      return behavior.bindPasskey?.() ?? { passkey: {}, postBindingRedirectUri: undefined };
    }
  }
  return {
    calls,
    get config() {
      return latest;
    },
    async loadSdk() {
      calls.push('load');
      await behavior.load?.();
      return wrap({ Embedded });
    },
  };
}
