import { join } from 'node:path';
import { run } from './package/run.ts';

/**
 * Installs a complete list of pinned packages into a new virtual environment in the folder; returns the folder of its commands.
 * Rejects with the fix where Python is missing.
 */
export async function installPackages(folder: string, requirements: string): Promise<string> {
  const environment = join(folder, 'python');
  await run(folder, 'python3', '-m', 'venv', environment).catch((error: Error) => {
    throw new Error(
      `No virtual environment could be made. Install Python 3.10 or later with venv (Debian: apt-get install python3-venv).\n${error.message}`,
    );
  });
  const bin = join(environment, 'bin');
  // --no-compile: most of it is never loaded
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile'];
  await run(folder, join(bin, 'python'), '-m', 'pip', 'install', ...options, '-r', requirements);
  return bin;
}
