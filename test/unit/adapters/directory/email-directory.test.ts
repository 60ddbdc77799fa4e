import { describe, expect, test } from '@jest/globals';
import {
  externalIdDirectory,
  userNameDirectory,
} from '../../../../functions/adapters/directory/email-directory.ts';
import { startDeadline } from '../../../../functions/runtime/deadline.ts';

const deadline = startDeadline(0);

describe('the email address as the reference', () => {
  test('is tried as typed and in lower case where letter case counts', async () => {
    await expect(externalIdDirectory.resolve('Jane@Example.com', deadline)).resolves.toEqual({
      user: 'jane@example.com',
      references: ['Jane@Example.com', 'jane@example.com'],
    });
    await expect(externalIdDirectory.resolve('jane@example.com', deadline)).resolves.toMatchObject({
      references: ['jane@example.com'],
    });
  });

  test('is one reference where letter case does not count', async () => {
    await expect(userNameDirectory.resolve('Jane@Example.com', deadline)).resolves.toEqual({
      user: 'jane@example.com',
      references: ['jane@example.com'],
    });
  });

  test.each(['odd%name@example.com', `${'x'.repeat(60)}@example.com`])(
    'is nobody for %s, which cannot be a user name',
    async (address) => {
      await expect(userNameDirectory.resolve(address, deadline)).resolves.toEqual({
        user: address,
        references: [],
      });
    },
  );
});
