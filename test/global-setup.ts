import { join } from 'node:path';
import { type OwnTemporaryDirectory, useOwnTemporaryDirectory } from './temporary-directory.ts';

let temporaryDirectory: OwnTemporaryDirectory | undefined;

/** Jest's global setup, before the workers start: they inherit the run's own temporary directory. */
export default function setUp(): void {
  temporaryDirectory = useOwnTemporaryDirectory();
  // dozens of tests start the same commands in processes of their own
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/node');
}

/** Undoes the setup. Throws if a test left something in the temporary directory. */
export function undoSetUp(): void {
  temporaryDirectory?.remove();
}
