import { expect, test } from '@jest/globals';

test.each([
  ['recover-user-form', () => import('../../../web/recover-user-form/index.ts')],
  ['complete-recovery', () => import('../../../web/complete-recovery/index.ts')],
])('<%s> can be imported during server-side rendering and defines nothing', async (_name, load) => {
  expect(globalThis).not.toHaveProperty('HTMLElement');
  expect(Object.keys(Object(await load()))).toEqual([]);
});
