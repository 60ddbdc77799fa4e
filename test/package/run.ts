import { execFile } from 'node:child_process';

/** Runs a command in a folder and resolves with its standard output. Rejects with its output if it fails. */
export function run(folder: string, command: string, ...options: readonly string[]): Promise<string> {
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined };
  return new Promise((resolve, reject) => {
    execFile(command, options, { cwd: folder, env: environment }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${[command, ...options].join(' ')} failed:\n${stdout}${stderr}`));
    });
  });
}
