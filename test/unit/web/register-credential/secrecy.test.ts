import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createRegisterCredential } from '../../../../web/register-credential/index.ts';
import { type FakeBehavior, fakeSdk } from './fake-sdk.ts';

/** The shortest part of a link that counts as disclosed. */
const PART_LENGTH = 6;

/** No word of a message is a part of it. */
const token = fc.stringMatching(/^[A-Z0-9_-]{12,80}$/);

const linkOf = (secret: string) =>
  `https://customer.test/bind?api_base_url=https%3A%2F%2Fauth-us.beyondidentity.com&tenant_id=9a8b7c6d&realm_id=1f2e3d4c&job_id=5b6a7988&token=${secret}`;

/** Errors of every shape with the link in them. */
const errorWith = (link: string) =>
  fc
    .record({
      text: fc.constantFrom(
        `While requesting credential binding info from ${link}`,
        `The server responded with a 410 error: {"message":"${link}"}`,
        `The server responded with a 500 error: ${link}`,
        `Failed to send a request. ${link}`,
        `DisallowedDomain ${link}`,
        `NotAllowedError: ${link}`,
        link,
      ),
      name: fc.constantFrom('Error', 'NotAllowedError', 'AbortError', link),
      shape: fc.constantFrom('error', 'caused', 'plain', 'text'),
    })
    .map(({ text, name, shape }): unknown => {
      if (shape === 'text') return text;
      if (shape === 'plain') return { message: text, name, reason: link, href: link };
      const error = new Error(text, shape === 'caused' ? { cause: new Error(link) } : {});
      return Object.assign(error, { name, data: link, [Symbol(link)]: link });
    });

/** Where a failure can happen. */
const place = fc.constantFrom<keyof FakeBehavior>('load', 'initialize', 'isBindPasskeyUrl', 'bindPasskey');

/** Everything that a value says, through every property of its own, the hidden ones included. */
function everythingIn(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return '';
  seen.add(value);
  const names = Reflect.ownKeys(value);
  const own = names.map((name) => `${String(name)}=${everythingIn(Reflect.get(value, name), seen)}`);
  return [String(value), ...own].join('\n');
}

function partsOf(secret: string): string[] {
  return Array.from({ length: secret.length - PART_LENGTH + 1 }, (_, at) =>
    secret.slice(at, at + PART_LENGTH),
  );
}

describe('a registration that fails', () => {
  test('hands on no part of the link, whatever the SDK throws and wherever', async () => {
    const silent = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
    const spies = silent.map((method) => jest.spyOn(console, method).mockImplementation(() => {}));
    const failures = fc.tuple(token, place).chain(([secret, where]) => {
      const link = linkOf(secret);
      return errorWith(link).map((error) => ({ secret, where, link, error }));
    });
    await fc.assert(
      fc.asyncProperty(failures, async ({ secret, where, link, error }) => {
        const throwing = () => {
          throw error;
        };
        const { loadSdk } = fakeSdk({
          [where]: where === 'isBindPasskeyUrl' ? throwing : async () => throwing(),
        });
        const register = createRegisterCredential({ loadSdk });
        const registering = register(new URL(link), { signal: new AbortController().signal });
        const thrown: unknown = await registering.catch((reason: unknown) => reason);
        expect(thrown).toBeInstanceOf(Error);
        expect(thrown).not.toHaveProperty('cause');
        const said = everythingIn(thrown);
        for (const part of [...partsOf(secret), ...partsOf('customer.test/bind?'), '9a8b7c6d', '5b6a7988']) {
          expect(said).not.toContain(part);
        }
      }),
    );
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  test('has a stack without the scripts that called it, since an inline script is named by the link', async () => {
    const { loadSdk } = fakeSdk({ bindPasskey: () => Promise.reject(new Error('x')) });
    const register = createRegisterCredential({ loadSdk });
    await expect(
      register(new URL(linkOf('abcdefghijkl')), { signal: new AbortController().signal }),
    ).rejects.toMatchObject({ stack: 'RegistrationError: The registration did not succeed.' });
  });
});
