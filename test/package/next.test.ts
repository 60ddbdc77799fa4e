import { join } from 'node:path';
import { test } from '@jest/globals';
import { useExample } from './built-example.ts';
import { run } from './run.ts';

const example = useExample('next', async ({ folder }) => {
  await run(folder, 'npm', 'run', 'build');
  return join(folder, 'out');
});

test('the Next example renders the form on the server and requests a recovery link', async () => {
  await example.requestLink(await example.visit('/'));
});

test('the Next example loads the texts of another language on demand', async () => {
  await example.switchToGerman(await example.visit('/'));
});

test('the Next example passes the link to the callback after hydration', async () => {
  await example.completeRecovery(await example.visit('/bind/?token=of-the-link'));
});
