import { removeTarball } from './pack.ts';

/** Jest's global teardown: fails the run if a test left something in the temporary directory. */
export default function tearDown(): Promise<void> {
  return removeTarball();
}
