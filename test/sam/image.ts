import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { prepareRuntimeClient } from '../aws/runtime-client.ts';
import { run } from '../package/run.ts';

/** The repository of the image; `sam local --invoke-image` names it. */
export const IMAGE = 'user-recovery-sam-test';

/** Architectures of functions, by that of the machine. */
const ARCHITECTURES = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'arm64'],
]);

/** The architecture of functions that this machine runs without emulation. Throws where SAM has none. */
export function architecture(): string {
  const name = ARCHITECTURES.get(process.arch);
  if (name === undefined) throw new Error(`Lambda has no architecture ${process.arch}.`);
  return name;
}

const BOOTSTRAP = '#!/var/lang/bin/node /var/runtime/index.mjs\n';

/**
 * Makes the image of the runtime out of what is here, because AWS's own one (public.ecr.aws/lambda/nodejs) is 600 MB in a
 * registry: Node.js of node_modules with its libraries, AWS's runtime client, and the emulator of the Runtime API that the SAM
 * CLI brings along. SAM takes it for the image that it would build itself.
 */
export async function makeImage(folder: string, samPackage: string): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The image can be made on Linux only.');
  const root = join(folder, 'image');
  const runtime = join(root, 'var', 'runtime');
  const runtimeClient = dirname(await prepareRuntimeClient(folder));
  await cp(runtimeClient, runtime, { recursive: true });
  await writeFile(join(runtime, 'bootstrap'), BOOTSTRAP);
  await chmod(join(runtime, 'bootstrap'), 0o755);
  await copyInto(join(root, 'var', 'lang', 'bin', 'node'), nodeBinary());
  for (const library of await librariesOf(nodeBinary())) await copyInto(join(root, library), library);
  const emulator = join(samPackage, 'local', 'rapid', `aws-lambda-rie-${architecture()}`);
  await copyInto(join(root, 'var', 'rapid', 'aws-lambda-rie'), emulator);
  await chmod(join(root, 'var', 'rapid', 'aws-lambda-rie'), 0o755);
  for (const empty of ['tmp', 'opt', 'var/task']) await mkdir(join(root, empty), { recursive: true });
  const tarball = join(folder, 'image.tar');
  await run(root, 'tar', '--owner=0', '--group=0', '-cf', tarball, '.');
  const environment = 'ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime PATH=/var/lang/bin';
  const options = ['--change', 'WORKDIR /var/task', '--change', environment];
  await run(folder, 'docker', 'import', ...options, tarball, `${IMAGE}:rapid-${architecture()}`);
}

/** Removes the image; what is running with it, too. */
export async function removeImage(): Promise<void> {
  await run('.', 'docker', 'image', 'rm', '--force', `${IMAGE}:rapid-${architecture()}`);
}

function nodeBinary(): string {
  return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
}

/** The shared libraries that a program loads, and its loader. */
async function librariesOf(program: string): Promise<string[]> {
  const lines = (await run('/', 'ldd', program)).split('\n');
  return lines.flatMap((line) => /(?:=> |^\s+)(\/\S+) \(/.exec(line)?.[1] ?? []);
}

async function copyInto(target: string, source: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}
