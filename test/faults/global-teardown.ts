import { undoSetUp } from './global-setup.ts';

/** Jest's global teardown: fails the run if a test left something in the temporary directory. */
export default async function tearDown(): Promise<void> {
  await undoSetUp();
}
