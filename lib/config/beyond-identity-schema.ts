import * as z from 'zod';
import {
  API_URL_REQUIREMENT,
  isApiUrl,
  isAppUrl,
  PLATFORMS,
} from '../../functions/runtime/configuration-bounds.ts';
import { V0_API_URLS, V1_URLS } from './beyond-identity-urls.ts';
import { mustBe, objectOf, text, textThat } from './schema-parts.ts';

const API_URL = mustBe(API_URL_REQUIREMENT);
const REDIRECT = 'an https URL without credentials, such as https://app.example.com/sign-in';

const id = (of: string) =>
  text(/^[\w-]{1,64}$/, `the id of the ${of}, as the Beyond Identity console shows it`).describe(
    `The id of the ${of}.`,
  );

const V0_PARTS = {
  platform: z.literal('v0').describe('The older generation of tenants: api.byndid.com.'),
  region: z
    .enum(['us', 'eu'], mustBe('"us" or "eu", where the tenant lives, or left out with apiUrl'))
    .optional()
    .describe('Where the tenant lives. Set this or apiUrl.'),
  apiUrl: z
    .string(API_URL)
    .refine(isApiUrl, API_URL)
    .optional()
    .describe("Base URL of Beyond Identity's API, instead of region."),
};

const V1_PARTS = {
  platform: z.literal('v1').describe('The current generation of tenants: Secure Access, Secure Customers.'),
  region: z
    .enum(['us', 'eu', 'us-gov'], mustBe('"us", "eu" or "us-gov", where the tenant lives'))
    .describe('Where the tenant lives.'),
  tenantId: id('tenant'),
  realmId: id("users' realm"),
  authenticatorConfigId: id('authenticator config'),
  applicationId: id('application whose client credentials are in the secret')
    .optional()
    .describe(
      'The id of the application whose client credentials are in the secret. Absent: it holds a console token.',
    ),
  applicationRealmId: id("application's realm")
    .optional()
    .describe('The id of the realm of that application, often the admin realm.'),
  jobScope: z
    .enum(['create', 'create-email'], mustBe('"create" or "create-email"'))
    .optional()
    .describe(
      'With "create-email" the narrower scope credential-binding-jobs:create-email is tried first; some tenants do not have it.',
    ),
  postBindingRedirectUri: textThat(isAppUrl, REDIRECT)
    .optional()
    .describe("Where the vendor's SDK sends the person after binding; one of the authenticator config's."),
};

/** Which tenant of Beyond Identity's, by its platform. */
export const beyondIdentitySchema = z
  .discriminatedUnion(
    'platform',
    [
      z.strictObject(V0_PARTS, objectOf(Object.keys(V0_PARTS), 'an object')),
      z.strictObject(V1_PARTS, objectOf(Object.keys(V1_PARTS), 'an object')),
    ],
    {
      error: ({ input }) => {
        const { platform }: { platform?: unknown } = Object(input);
        if (input === undefined) {
          return 'is not set; set it to {"platform": "v1", ...} or {"platform": "v0", "region": "us"}; see docs/configuration.md';
        }
        return mustBe(PLATFORMS.map((name) => `"${name}"`).join(' or ')).error({ input: platform });
      },
    },
  )
  .describe('The tenant of Beyond Identity.');

export type BeyondIdentitySetting = z.output<typeof beyondIdentitySchema>;

/** Base URLs of Beyond Identity's servers. */
export interface BeyondIdentityUrls {
  apiUrl: string;
  /** Absent on v0. */
  authUrl?: string;
}

/** The servers of the tenant's region, without slashes at the end. */
export function urlsOf(setting: BeyondIdentitySetting): BeyondIdentityUrls {
  if (setting.platform === 'v1') return V1_URLS[setting.region];
  return { apiUrl: setting.region ? V0_API_URLS[setting.region] : new URL(setting.apiUrl ?? '').origin };
}

/** The names of all parts, for those who look for one at the top. */
export const BEYOND_IDENTITY_PARTS: ReadonlySet<string> = new Set([
  ...Object.keys(V0_PARTS),
  ...Object.keys(V1_PARTS),
]);
