import * as z from 'zod/mini';
import type { CredentialStore } from './simulated-authenticator.ts';
import './without-compilation.ts';

const DATABASE = 'simulated-authenticator';
const STORE = 'credentials';
/** One credential per browser. */
const KEY = 'latest';

const credential = z.object({ id: z.string(), userHandle: z.string(), privateKey: z.instanceof(CryptoKey) });

/** Keeps the credential of the simulated authenticator in this browser's IndexedDB, so that it can sign in later. */
export const storedCredential: CredentialStore = {
  load: async () => credential.safeParse(await inStore('readonly', (store) => store.get(KEY))).data,
  save: async (saved) => {
    await inStore('readwrite', (store) => store.put(saved, KEY));
  },
};

async function inStore<Result>(
  mode: IDBTransactionMode,
  operate: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(operate(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
