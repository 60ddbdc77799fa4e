import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { V1_URLS } from '../lib/config/beyond-identity-urls.ts';
import { CAPTCHA_PROVIDERS } from '../web/recover-user-form/captcha-provider.ts';
import { webUrl } from '../web/web-url.ts';

/** The output of `--help`. */
export const USAGE = `Builds the two custom elements and the ready pages.

  npm run build-pages -- --endpoint URL [--authentication-url URL ...] [OPTIONS]

  --endpoint URL            the stack's output EndpointUrl
  --sign-in-url URL         where all pages link back to
  --support-url URL         where all pages lead for help: a page, a mailto: or a tel: URL
  --output FOLDER           the output folder (default: web/dist)

The form, index.html:
  --resend-after SECONDS    mailboxCooldownSeconds of the deployment (default: 60)
  --captcha PROVIDER        turnstile, hcaptcha, recaptcha (version 2) or recaptcha-v3
  --site-key KEY            the site's public key at the CAPTCHA provider

The completion page, which a recovery link opens: bind.html or register.html:
  --authentication-url URL  builds the page: where a recovered user signs in. Repeatable: a link selects one with its
                            parameter "continue"; the first is the default
  --sdk-region REGION       for a tenant of the v1 platform in us, eu or us-gov: builds bind.html, which runs the vendor's
                            web SDK, in place of register.html. Requires --recovery-url
  --recovery-url URL        where bind.html or register.html leads for a new link (default of register.html: index.html)

Only register.html, for a tenant of the v0 platform:
  --link-parameter NAME     the query parameter that a complete link has; default: accept every link
  --connect-origin ORIGIN   an origin that your register-credential.js calls, such as https://api.byndid.com; repeatable
  --allow-unsafe-eval       allows register.html to evaluate strings as code, as @beyondidentity/bi-sdk-js does`;

/** Thrown for an invalid command line. Each line of the message names an option, the problem and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  endpoint: { type: 'string' },
  'resend-after': { type: 'string' },
  captcha: { type: 'string' },
  'site-key': { type: 'string' },
  'authentication-url': { type: 'string', multiple: true },
  'sdk-region': { type: 'string' },
  'recovery-url': { type: 'string' },
  'sign-in-url': { type: 'string' },
  'support-url': { type: 'string' },
  'link-parameter': { type: 'string' },
  'connect-origin': { type: 'string', multiple: true },
  'allow-unsafe-eval': { type: 'boolean' },
  output: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const OPTION_TYPES: ReadonlyMap<string, { readonly type: string; readonly multiple?: boolean }> = new Map(
  Object.entries(OPTIONS),
);

const OPTION_NAMES = [...OPTION_TYPES.keys()].map((name) => `--${name}`).join(', ');

/** The options of `register.html`, which `--sdk-region` replaces. */
const REGISTER_OPTIONS = ['link-parameter', 'connect-origin', 'allow-unsafe-eval'] as const;

/** The options that apply only to a completion page. */
const COMPLETION_OPTIONS = ['sdk-region', 'recovery-url', ...REGISTER_OPTIONS] as const;

const SDK_REGIONS = ['us', 'eu', 'us-gov'] as const satisfies readonly (keyof typeof V1_URLS)[];

const filled = z.string().min(1, 'is empty; set a value or omit the option');

/** A URL for a page, or one of the others. White space would split it in a list; a semicolon would end a directive of the policy. */
function pageUrl(expected: string, base?: string, others?: RegExp) {
  return filled.superRefine((text, context) => {
    if (text === '' || others?.test(text)) return;
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    const parsed = URL.parse(text, base);
    if (parsed && parsed.username + parsed.password !== '') {
      return problem('contains a user name or password; remove it: everyone who opens the page can read it');
    }
    const url = webUrl(text, base);
    if (url !== undefined && !/[\s;,]/.test(url.host)) return;
    // a malformed URL may contain a password too
    const subject = text.includes('@') ? 'is not' : `is ${JSON.stringify(text)}, which is not`;
    problem(`${subject} ${expected} (http only for localhost)`);
  });
}

/** A base for relative URLs. */
const PAGE = 'https://page.example';

/** A URL for a page, absolute or relative to it. */
function linkedUrl(example: string) {
  return pageUrl(`an https URL or a path of the same site; use one such as ${example}`, PAGE);
}

/** A page, an address or a phone number that a user can contact. */
function contactUrl() {
  const expected =
    'an https URL, a path of the same site, a mailto: or a tel: URL; use one such as mailto:help@example.com';
  return pageUrl(expected, PAGE, /^(mailto|tel):[^\s/]\S*$/i);
}

/** An absolute URL, normalized as browsers do. */
function absoluteUrl(example: string) {
  return pageUrl(`an https URL; use one such as ${example}`).transform((text) => new URL(text).href);
}

/** The values of a repeatable option. */
function repeated(value: z.ZodType<string, string>) {
  return z
    .array(value)
    .refine((values) => new Set(values).size === values.length, 'has the same value twice; remove one');
}

const commandLine = z
  .object({
    endpoint: z
      .string("is required; set it to the stack's output EndpointUrl: npm run build-pages -- --endpoint URL")
      .pipe(absoluteUrl('https://recovery.example.com/recover-user')),
    'resend-after': filled
      .regex(/^(\d{1,4})?$/, 'is not a number of seconds; use a whole number from 0 to 9999, such as 60')
      .optional(),
    captcha: z
      .enum(CAPTCHA_PROVIDERS, `is an unknown provider; use one of ${CAPTCHA_PROVIDERS.join(', ')}`)
      .optional(),
    'site-key': filled.optional(),
    'authentication-url': repeated(absoluteUrl('https://app.example.com/sign-in')).default([]),
    'sdk-region': z
      .enum(SDK_REGIONS, `is an unknown region; use one of ${SDK_REGIONS.join(', ')}`)
      .optional(),
    'recovery-url': linkedUrl('/recover').optional(),
    'sign-in-url': linkedUrl('/sign-in').optional(),
    'support-url': contactUrl().optional(),
    'link-parameter': filled.optional(),
    'connect-origin': repeated(absoluteUrl('https://api.byndid.com')).optional(),
    'allow-unsafe-eval': z.boolean().optional(),
    output: filled.default(join('web', 'dist')),
  })
  .superRefine((options, problems) => {
    const problem = (option: string, message: string) =>
      problems.addIssue({ code: 'custom', path: [option], message });
    if (options.captcha !== undefined && options['site-key'] === undefined) {
      problem('site-key', 'is missing; --captcha requires it');
    }
    if (options['site-key'] !== undefined && options.captcha === undefined) {
      problem('captcha', 'is missing; --site-key requires it');
    }
    if (options['sdk-region'] !== undefined) {
      for (const name of REGISTER_OPTIONS.filter((option) => options[option] !== undefined)) {
        problem(name, 'is for register.html, which --sdk-region replaces; omit one of the two');
      }
      // the default of register.html would be the start page of the app, on whose origin bind.html is
      if (options['recovery-url'] === undefined) {
        problem('recovery-url', 'is missing; --sdk-region requires it: set it to the URL of your index.html');
      }
    }
    if (options['authentication-url'].length > 0) return;
    for (const name of COMPLETION_OPTIONS.filter((option) => options[option] !== undefined)) {
      problem(name, 'requires --authentication-url; add that option or omit this one');
    }
  });

/** The validated command line. */
export type Options = z.infer<typeof commandLine>;

/** Parses and validates the arguments. Returns `'help'` for `--help`; throws {@link UsageError}. */
export function parseCommandLine(commandLineArguments: readonly string[]): Options | 'help' {
  const { values, problems } = parseArguments(commandLineArguments);
  if (values['help'] === true) return 'help';
  if (problems.length === 0) {
    const { data, error } = commandLine.safeParse(values);
    if (data) return data;
    problems.push(...error.issues.map(({ path, message }) => `--${String(path[0])} ${message}`));
  }
  throw new UsageError([...new Set(problems)].join('\n'));
}

type Values = Record<string, string | boolean | string[]>;

/** Parses the values by option and reports syntax problems; does not validate the values. */
function parseArguments(commandLineArguments: readonly string[]): { values: Values; problems: string[] } {
  const args = [...commandLineArguments];
  const { tokens } = parseArgs({
    args,
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Values = {};
  const problems: string[] = [];
  /** The index of an argument that an already reported problem explains. */
  let explainedAt: number | undefined;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (token.index === explainedAt) continue;
      problems.push(
        `${JSON.stringify(token.value)} is an unexpected argument; the syntax is npm run build-pages -- --option value`,
      );
      continue;
    }
    const option = OPTION_TYPES.get(token.name);
    if (option === undefined) {
      // the next argument looks like the value of this option
      explainedAt = token.index + 1;
      const rawName = token.rawName.startsWith('--') ? token.rawName : args[token.index];
      const shown = /^-[!-~]+$/.test(rawName ?? '') ? rawName : JSON.stringify(rawName);
      problems.push(`${shown} is an unknown option; the options are ${OPTION_NAMES}`);
      continue;
    }
    const problem = syntaxProblem(token, option, values[token.name]);
    if (problem !== undefined) {
      // if the next option was parsed as the value, its own value is left over
      explainedAt = token.index + 2;
      problems.push(`--${token.name} ${problem}`);
      continue;
    }
    values[token.name] = option.multiple
      ? [values[token.name] ?? [], token.value ?? ''].flat().map(String)
      : (token.value ?? true);
  }
  return { values, problems };
}

function syntaxProblem(
  { value, inlineValue }: { readonly value: string | undefined; readonly inlineValue: boolean | undefined },
  { type, multiple = false }: { readonly type: string; readonly multiple?: boolean },
  previous: Values[string] | undefined,
): string | undefined {
  if (type === 'boolean') return value === undefined ? undefined : 'takes no value; remove the value';
  if (value === undefined || (!inlineValue && value.startsWith('--'))) {
    return 'has no value; add one after it';
  }
  return multiple || previous === undefined ? undefined : 'is set twice; set it once';
}
