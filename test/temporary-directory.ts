import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary directory that belongs to one run of the tests. */
export interface OwnTemporaryDirectory {
  readonly path: string;
  /** Removes it, with everything in it, and restores the environment. Throws if anything was left behind, naming it. */
  remove(): void;
}

/**
 * Makes a temporary directory and has this process, and those that it starts, use it instead of the system's. It also goes
 * when the process exits before `remove` was called.
 */
export function useOwnTemporaryDirectory(): OwnTemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'recovery-tests-'));
  const environment = {
    // where `os.tmpdir()` looks on one system or another
    TMPDIR: path,
    TMP: path,
    TEMP: path,
    // npx, by which the CDK calls esbuild, keeps a cache in the temporary directory otherwise
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  const removeOnExit = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', removeOnExit);

  return {
    path,
    remove() {
      const left = readdirSync(path).toSorted();
      removeOnExit();
      process.off('exit', removeOnExit);
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      if (left.length === 0) return;
      throw new Error(
        `The tests left ${left.length} entries in the temporary directory; remove each in the test that makes it:\n${left.join('\n')}`,
      );
    },
  };
}
