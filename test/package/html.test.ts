import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { useExample } from './built-example.ts';

const example = useExample('html', async ({ folder }) => {
  const elements = join(folder, 'node_modules/beyond-identity-user-recovery/dist/web');
  for (const name of ['recover-user-form.js', 'complete-recovery.js', 'languages']) {
    await cp(join(elements, name), join(folder, name), { recursive: true });
  }
  return folder;
});

test('the HTML example requests a recovery link with a module of the package as it is', async () => {
  await example.requestLink(await example.visit('/'));
});

test('the HTML example loads the texts of another language on demand', async () => {
  await example.switchToGerman(await example.visit('/'));
});

test('the HTML example passes the link to a callback that it sets before the element is defined', async () => {
  await example.completeRecovery(await example.visit('/bind?token=of-the-link'));
});
