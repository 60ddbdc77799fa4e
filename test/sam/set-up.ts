import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import setUpTemporaryDirectory, { undoSetUp } from '../global-setup.ts';
import { run } from '../package/run.ts';
import { installPackages } from '../python.ts';
import { architecture, makeImage, removeImage } from './image.ts';

const ROOT = join(import.meta.dirname, '../..');

let folder: string | undefined;
let hasImage = false;

/** Jest's global setup: synthesizes, installs the SAM CLI and makes the image. Without a Docker engine, it says that all is skipped. */
export default async function setUp(): Promise<void> {
  setUpTemporaryDirectory();
  const problem = await run(ROOT, 'docker', 'info').then(
    () => undefined,
    () => 'No Docker engine runs (docker info fails): every test is skipped.\n',
  );
  if (problem !== undefined) {
    process.stdout.write(problem);
    return;
  }
  try {
    await prepare();
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Undoes the setup. Throws if a test left something in the temporary directory. */
export async function stop(): Promise<void> {
  if (hasImage) await removeImage();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  undoSetUp();
}

async function prepare(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'sam-'));
  const cdkOut = join(folder, 'cdk.out');
  const [bin] = await Promise.all([
    installPackages(folder, join(import.meta.dirname, 'requirements.txt')),
    run(ROOT, 'npx', 'cdk', 'synth', '--quiet', '--path-metadata=false', '--output', cdkOut),
  ]);
  const locate = 'import pathlib, samcli; print(pathlib.Path(samcli.__file__).parent)';
  hasImage = true;
  await makeImage(folder, (await run(folder, join(bin, 'python'), '-c', locate)).trim());
  const template = join(cdkOut, 'RecoveryStack.template.json');
  const text = await readFile(template, 'utf8');
  await writeFile(template, text.replaceAll('"arm64"', JSON.stringify(architecture())));
  process.env['SAM_TEST_FOLDER'] = folder;
  process.env['SAM_TEST_COMMAND'] = join(bin, 'sam');
  process.env['SAM_TEST_TEMPLATE'] = template;
}
