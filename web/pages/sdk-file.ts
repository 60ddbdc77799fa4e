const SDK_FILE = './beyond-identity-sdk.js';

let failures = 0;

/** Imports the vendor's SDK from the file next to the page's scripts. Rejects with the browser's error. */
export async function loadSdkFile(): Promise<unknown> {
  // some browsers keep the failure of an import: another URL loads the file again
  const url = failures === 0 ? SDK_FILE : `${SDK_FILE}?retry=${failures}`;
  try {
    return await import(url);
  } catch (error) {
    failures += 1;
    throw error;
  }
}
