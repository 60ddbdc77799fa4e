import { join } from 'node:path';
import { test } from '@jest/globals';
import { useExample } from './built-example.ts';
import { addPage, copyConsumer } from './consumer-scripts.ts';
import { run } from './run.ts';
import { RESOLUTIONS, typeCheck } from './type-check.ts';

const example = useExample('vue', async (project) => {
  const served = join(project.folder, 'dist');
  await run(project.folder, 'npm', 'run', 'build');
  await copyConsumer(project);
  await addPage(project, served, 'late', { script: 'late-vue-element.ts' });
  return served;
});

test('the Vue example requests a recovery link and receives the event', async () => {
  const page = await example.visit('/');
  await example.requestLink(page);
  await page.getByText('You can close this tab.').waitFor();
});

test('the Vue example loads the texts of another language on demand', async () => {
  await example.switchToGerman(await example.visit('/'));
});

test('the Vue example passes the link to the callback in a property', async () => {
  await example.completeRecovery(await example.visit('/bind?token=of-the-link'));
});

test('Vue passes the callback to an element that is defined later, as a .prop', async () => {
  await example.completeRecovery(await example.visit('/late/?token=of-the-link'));
});

test.each(RESOLUTIONS)('the types fit a Vue template, resolved as by %s', async (resolution) => {
  await typeCheck(example.project, resolution, 'consumer/vue-types.ts');
});
