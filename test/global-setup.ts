import { type OwnTemporaryDirectory, useOwnTemporaryDirectory } from './temporary-directory.ts';

let temporaryDirectory: OwnTemporaryDirectory | undefined;

/** Jest's global setup, before the workers start: they inherit the run's own temporary directory. */
export default function setUp(): void {
  temporaryDirectory = useOwnTemporaryDirectory();
}

/** Undoes the setup. Throws if a test left something in the temporary directory. */
export function undoSetUp(): void {
  temporaryDirectory?.remove();
}
