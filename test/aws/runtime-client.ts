import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { run } from '../package/run.ts';

/** AWS's runtime client, the code that runs a function of Node.js in Lambda. */
const PACKAGE = 'aws-lambda-ric@4.0.2';
const INTEGRITY =
  'sha512-FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==';

const packed = z.tuple([z.object({ filename: z.string(), integrity: z.string() })]);

/**
 * Puts AWS's runtime client into the folder and returns its file. Installed as a package it would compile curl for a minute, and
 * bring the packages along that this takes: runtime-transport.ts is in the place of what is compiled. `RUNTIME_CLIENT` names a
 * folder in which it is installed all the same, to run with that. Throws for another content than the pinned one.
 */
export async function prepareRuntimeClient(folder: string): Promise<string> {
  const installed = process.env['RUNTIME_CLIENT'];
  if (installed !== undefined) return join(installed, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  const target = join(folder, 'runtime-client');
  await mkdir(target);
  const [{ filename, integrity }] = packed.parse(
    JSON.parse(await run(target, 'npm', 'pack', PACKAGE, '--json', '--ignore-scripts')),
  );
  if (integrity !== INTEGRITY) throw new Error(`${PACKAGE} has another content: ${integrity}`);
  await run(target, 'tar', '-xzf', filename);
  const transport = await readFile(join(import.meta.dirname, 'runtime-transport.ts'), 'utf8');
  // require() finds this file where there is no rapid-client.node
  await writeFile(join(target, 'package', 'rapid-client.node.js'), stripTypeScriptTypes(transport));
  return join(target, 'package', 'index.mjs');
}
