import * as z from 'zod';
import { isAppUrl } from '../../functions/runtime/configuration-bounds.ts';
import { mustBe, objectOf, textThat } from './schema-parts.ts';

const SIGN_IN = 'an https URL without credentials, such as https://app.example.com/sign-in';
const SUPPORT = 'an https URL without credentials, or a mailto: or tel: URL such as mailto:help@example.com';
const PAGE = mustBe(
  'true (the stack hosts the recovery page) or false (pages of your own call it), or an object such as {"signInUrl": "https://app.example.com/sign-in", "supportUrl": "mailto:help@example.com"}',
);

const LINKS = {
  signInUrl: textThat(isAppUrl, SIGN_IN)
    .optional()
    .describe('Where the page\'s link "Back to sign-in" leads. Absent: no link.'),
  supportUrl: textThat(isSupportUrl, SUPPORT)
    .optional()
    .describe('Where users get help: an https, mailto: or tel: URL. Absent: no link.'),
};

const links = z.strictObject(LINKS, objectOf(Object.keys(LINKS), 'true, false, or an object'));

/** Whether the stack hosts the ready recovery page, and where its links lead. */
export const recoveryPageSchema = z.union([z.boolean(), links], {
  error: (issue) => (isObject(issue.input) ? undefined : PAGE.error(issue)),
});

function isSupportUrl(text: string): boolean {
  return isAppUrl(text) || (/^(mailto|tel):[^\s<>"]+$/.test(text) && URL.canParse(text));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
