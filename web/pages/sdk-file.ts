const SDK_FILE = './beyond-identity-sdk.js';

let attempts = 0;
let loaded: unknown;

/** Imports the vendor's SDK from the file next to the page's scripts. Rejects with the browser's error. */
export async function loadSdkFile(): Promise<unknown> {
  if (loaded !== undefined) return loaded;
  // browsers keep an import that failed or that hangs: another URL loads the file again
  const url = attempts === 0 ? SDK_FILE : `${SDK_FILE}?retry=${attempts}`;
  attempts += 1;
  loaded = await import(url);
  return loaded;
}
