import { stop } from './set-up.ts';

/** Jest's global teardown: stops moto, and fails the run if a test left something in the temporary directory. */
export default function tearDown(): Promise<void> {
  return stop();
}
