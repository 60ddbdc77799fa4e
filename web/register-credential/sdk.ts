import { property } from '../property.ts';

/** What the registration uses of `Embedded` in `@beyondidentity/bi-sdk-js` 3. */
export interface PasskeySdk {
  isBindPasskeyUrl(url: string): boolean;
  bindPasskey(url: string): Promise<unknown>;
}

interface SdkModule {
  readonly Embedded: { initialize(config: object): Promise<PasskeySdk> };
}

/** Writes nothing: the lines contain the link with its token. */
const SILENT_LOGGER = { write(): void {} };

/**
 * Starts the SDK of a loaded module. Bundlers expose its class as a named export, or only in the default export. Throws a
 * `TypeError` for another module, and whatever the SDK rejects with.
 */
export async function startSdk(module: unknown, allowedDomains: readonly string[]): Promise<PasskeySdk> {
  const sdk = [module, property(module, 'default')].find(isSdkModule);
  if (sdk === undefined) throw new TypeError('The module is not @beyondidentity/bi-sdk-js 3.');
  // the SDK adds the page's host to this array
  return sdk.Embedded.initialize({ allowedDomains: [...allowedDomains], logger: SILENT_LOGGER });
}

function isSdkModule(module: unknown): module is SdkModule {
  const embedded =
    typeof module === 'object' && module !== null ? Reflect.get(module, 'Embedded') : undefined;
  return typeof embedded === 'function' && typeof Reflect.get(embedded, 'initialize') === 'function';
}
