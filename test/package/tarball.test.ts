import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import manifest from '../../package.json' with { type: 'json' };
import { tarball } from './pack.ts';
import { makeProject, type Project } from './project.ts';
import { run } from './run.ts';

const NAME = manifest.name;

let project: Project;
beforeAll(async () => {
  project = await makeProject();
  await project.install();
});
afterAll(() => project.remove());

const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json');

test('the tarball holds built modules, their types and four documents, and nothing else', async () => {
  const listed = (await run(project.folder, 'tar', '-tzf', tarball())).trim().split('\n');
  const others = listed.filter((path) => !/^package\/dist\/(web\/.+\.(js|d\.ts)|cdk\/.+)$/.test(path));
  expect(others.toSorted()).toEqual(
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].map((name) => `package/${name}`),
  );
  expect(listed.length).toBeGreaterThan(20);
});

test('installing the package installs nothing else', async () => {
  const installed = await readdir(join(project.folder, 'node_modules'));
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual([NAME]);
});

test.each(Object.entries(manifest.exports))('the files of %s exist', (_subpath, target) => {
  const files = typeof target === 'string' ? [target] : Object.values(target);
  for (const file of files) expect(existsSync(join(project.folder, 'node_modules', NAME, file))).toBe(true);
});

// `./react` needs React, which renders it on a server in react.test.ts, and the construct an app of the CDK: construct.test.ts
test.each(subpaths.filter((subpath) => !['./react', '.'].includes(subpath)))(
  'a server can import %s',
  async (subpath) => {
    const script = `await import(${JSON.stringify(join(NAME, subpath))}); console.log(typeof HTMLElement);`;
    const options = ['--input-type=module', '--eval', script];
    expect(await run(project.folder, process.execPath, ...options)).toBe('undefined\n');
  },
);

test('bundlers keep the modules that define an element, and drop every other one that an app does not use', async () => {
  const folder = join(project.folder, 'node_modules', NAME, 'dist/web');
  const modules = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  const kept = [];
  for (const name of modules) {
    const contents = await readFile(join(folder, name), 'utf8');
    const { outputFiles } = await build({
      stdin: { contents: `import ${JSON.stringify(`./${name}`)};`, resolveDir: folder },
      bundle: true,
      write: false,
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    });
    const isKept = outputFiles.some(({ text }) => text.trim() !== '');
    expect([name, isKept]).toEqual([name, contents.includes('customElements')]);
    if (isKept) kept.push(name);
  }
  expect(kept.toSorted()).toEqual(['complete-recovery.js', 'recover-user-form.js']);
});
