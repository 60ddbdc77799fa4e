import { expect, test } from '@jest/globals';

test.each([
  ['recover-user-form', () => import('../../../web/recover-user-form/index.ts')],
  ['complete-recovery', () => import('../../../web/complete-recovery/index.ts')],
])('a server that renders pages can import <%s>, and has nothing of it', async (_name, load) => {
  expect(globalThis).not.toHaveProperty('HTMLElement');
  expect(Object.keys(Object(await load()))).toEqual([]);
});
