import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { ADDRESS } from '../../functions/recover-user/http/email-address.ts';
import { OPENAPI_FILE, openApiDocument } from '../../lib/api/openapi.ts';

test('the committed OpenAPI document is what the schemas say; if not: npm run openapi', async () => {
  expect(await readFile(OPENAPI_FILE, 'utf8')).toBe(openApiDocument());
});

test('every response has its schema, and every reference has its target', () => {
  const text = openApiDocument();
  const { components, paths } = JSON.parse(text);
  const { responses } = paths['/recover-user'].post;
  expect(Object.keys(responses)).toEqual(
    expect.arrayContaining(['202', '400', '403', '404', '405', '413', '415', '422', '429', '500', '503']),
  );
  expect(responses[413].description).toMatch(/\b4096 bytes\b.*\b8192\b.*\bCAPTCHA\b/);
  for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
    expect(components[kind ?? '']).toHaveProperty(name ?? '');
  }
  expect(components.schemas.RecoverUserRequest).toMatchObject({
    required: ['email'],
    properties: {
      email: { type: 'string', maxLength: 254, pattern: ADDRESS.source },
    },
  });
  expect(components.schemas.RecoverUserRequest.properties.email).not.toHaveProperty('format');
});
