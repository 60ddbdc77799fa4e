import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inState } from '../browser/element-state.ts';
import { useExample } from './built-example.ts';
import { addPage, bundleConsumer, copyConsumer } from './consumer-scripts.ts';
import type { Project } from './project.ts';
import { run } from './run.ts';
import { RESOLUTIONS, typeCheck } from './type-check.ts';

const example = useExample('react', async (project, endpoint) => {
  const served = join(project.folder, 'dist');
  await run(project.folder, 'npm', 'run', 'build');
  await copyConsumer(project);
  const body = await renderOnServer(project, endpoint);
  await addPage(project, served, 'hydrated', { script: 'hydration.tsx', body });
  await addPage(project, served, 'elements', { script: 'react-elements.tsx' });
  return served;
});

async function renderOnServer(project: Project, endpoint: string): Promise<string> {
  const script = join(project.folder, 'server.js');
  await writeFile(script, await bundleConsumer(project, 'server.tsx', 'node'));
  return run(project.folder, process.execPath, script, endpoint);
}

/** The markup of an element, without what is in its shadow root: as it is in the page, and as the server sent it. */
function markup(page: Page, element: string): Promise<unknown> {
  return page.evaluate(async (name) => {
    const response = await fetch(location.href);
    const sent = new DOMParser().parseFromString(await response.text(), 'text/html');
    return [document, sent].map((root) => root.querySelector(name)?.outerHTML);
  }, element);
}

/** `server.tsx` would need the types of Node. */
const TYPED = ['consumer/types.tsx', 'consumer/hydration.tsx', 'consumer/react-elements.tsx', 'src'];

test('the React example requests a recovery link and receives the event', async () => {
  const page = await example.visit('/');
  await example.requestLink(page);
  await page.getByText('You can close this tab.').waitFor();
});

test('the React example loads the texts of another language on demand', async () => {
  await example.switchToGerman(await example.visit('/'));
});

test('the React example passes the link to the callback', async () => {
  await example.completeRecovery(await example.visit('/bind?token=of-the-link'));
});

test('React hydrates the rendered components without an error and their callbacks work', async () => {
  const page = await example.visit('/hydrated/?token=of-the-link');
  await example.requestLink(page);
  await page.getByText('Last event: recovery-requested').waitFor();
  await example.completeRecovery(page);
});

test('the elements leave the markup that the server has rendered as it is in every state', async () => {
  const page = await example.visit('/hydrated/');
  for (const name of ['recover-user-form', 'complete-recovery'] as const) {
    await inState(page, name === 'recover-user-form' ? 'idle' : 'asking', name);
    const [present, sent] = Object.values(Object(await markup(page, name)));
    expect(present).toMatch(/^<[a-z-]+ .+>/);
    expect(present).toBe(sent);
  }
  await example.requestLink(page);
  const [present, sent] = Object.values(Object(await markup(page, 'recover-user-form')));
  expect(present).toBe(sent);
});

test('React sets registerCredential of the element in JSX and listens to its events', async () => {
  const page = await example.visit('/elements/?token=of-the-link');
  await example.completeRecovery(page);
  expect(await page.evaluate(() => sessionStorage.getItem('event'))).toBe('recovery-completed');
});

test.each(RESOLUTIONS)(
  'the types fit elements, JSX and components, resolved as by %s',
  async (resolution) => {
    await typeCheck(example.project, resolution, ...TYPED);
  },
);

test.each([
  ['esbuild', () => bundleConsumer(example.project, 'one-component.ts', 'browser')],
  ['Vite', bundleOneComponentWithVite],
])('a bundle with one component leaves the other element out: %s', async (_bundler, bundle) => {
  const script = await bundle();
  expect(script).toMatch(/define\(.recover-user-form/);
  expect(script).not.toMatch(/define\(.complete-recovery/);
});

async function bundleOneComponentWithVite(): Promise<string> {
  const { folder } = example.project;
  const library = { entry: 'consumer/one-component.ts', formats: ['es'], fileName: 'one-component' };
  const config = { build: { lib: library, outDir: 'one-component' } };
  await writeFile(join(folder, 'one-component.config.js'), `export default ${JSON.stringify(config)};`);
  const vite = join(folder, 'node_modules/.bin/vite');
  await run(folder, vite, 'build', '--config', 'one-component.config.js');
  return readFile(join(folder, 'one-component/one-component.js'), 'utf8');
}
