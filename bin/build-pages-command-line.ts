import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { CAPTCHA_PROVIDERS } from '../web/recover-user-form/captcha-provider.ts';
import { webUrl } from '../web/web-url.ts';

/** What `--help` prints. */
export const USAGE = `Builds the two elements and the ready pages, to be hosted as they are.

  npm run build-pages -- --endpoint URL [--authentication-url URL ...] [OPTIONS]

  --endpoint URL            the stack's output EndpointUrl: for the recovery page
  --resend-after SECONDS    mailboxCooldownSeconds of the deployment (60)
  --captcha PROVIDER    turnstile, hcaptcha, recaptcha (version 2) or recaptcha-v3
  --site-key KEY            its public key for this site
  --authentication-url URL  where a recovered user signs in; builds the page for the registration redirect URI too. May be
                            repeated: a link chooses one by its parameter "continue", the first is taken otherwise
  --recovery-url URL        where that page sends people for a new link (index.html)
  --link-parameter NAME     the query parameter without which a link is not complete; absent: any link is handed over
  --connect-origin ORIGIN   what your register-credential.js calls, such as https://api.byndid.com; may be repeated
  --allow-unsafe-eval        lets that page make code out of text, which your SDK may need (@beyondidentity/bi-sdk-js does)
  --output FOLDER           where the files go (web/dist)`;

/** The command line is not valid. Each line of the message names an option, what is wrong with it, and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  endpoint: { type: 'string' },
  'resend-after': { type: 'string' },
  captcha: { type: 'string' },
  'site-key': { type: 'string' },
  'authentication-url': { type: 'string', multiple: true },
  'recovery-url': { type: 'string' },
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

/** What only the page for the registration redirect URI takes. */
const COMPLETION_OPTIONS = ['recovery-url', 'link-parameter', 'connect-origin', 'allow-unsafe-eval'] as const;

const filled = z.string().min(1, 'is empty; give it a value, or leave the option out');

/** A URL that a page may hold. White space would make two of it in a list, and a semicolon end a directive of the policy. */
function pageUrl(wanted: string, base?: string) {
  return filled.superRefine((text, context) => {
    if (text === '') return;
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    const given = URL.parse(text, base);
    if (given && given.username + given.password !== '') {
      return problem(
        'has a user name or a password in it; remove it: everyone who opens the page can read it',
      );
    }
    const url = webUrl(text, base);
    if (url !== undefined && !/[\s;,]/.test(url.host)) return;
    // what is malformed may hold a password as well
    const subject = text.includes('@') ? 'is not' : `is ${JSON.stringify(text)}, which is not`;
    problem(`${subject} ${wanted} (http only for this machine)`);
  });
}

/** As browsers write it. */
function absoluteUrl(example: string) {
  return pageUrl(`an https URL; give one such as ${example}`).transform((text) => new URL(text).href);
}

/** The values of an option that may be repeated. */
function repeated(value: z.ZodType<string, string>) {
  return z
    .array(value)
    .refine(
      (values) => new Set(values).size === values.length,
      'is given twice with the same value; remove one of the two',
    );
}

const commandLine = z
  .object({
    endpoint: z
      .string("is missing; give it the stack's output EndpointUrl: npm run build-pages -- --endpoint URL")
      .pipe(absoluteUrl('https://recovery.example.com/recover-user')),
    'resend-after': filled
      .regex(/^(\d{1,4})?$/, 'is not a number of seconds; give a whole number from 0 to 9999, such as 60')
      .optional(),
    captcha: z
      .enum(CAPTCHA_PROVIDERS, `is not a provider; give one of ${CAPTCHA_PROVIDERS.join(', ')}`)
      .optional(),
    'site-key': filled.optional(),
    'authentication-url': repeated(absoluteUrl('https://app.example.com/sign-in')).default([]),
    'recovery-url': pageUrl(
      'an https URL or a path of the same site; give one such as /recover',
      'https://page.example',
    ).optional(),
    'link-parameter': filled.optional(),
    'connect-origin': repeated(absoluteUrl('https://api.byndid.com')).optional(),
    'allow-unsafe-eval': z.boolean().optional(),
    output: filled.default(join('web', 'dist')),
  })
  .superRefine((options, problems) => {
    const problem = (option: string, message: string) =>
      problems.addIssue({ code: 'custom', path: [option], message });
    if (options['captcha'] !== undefined && options['site-key'] === undefined) {
      problem('site-key', 'is missing; --captcha needs it');
    }
    if (options['site-key'] !== undefined && options['captcha'] === undefined) {
      problem('captcha', 'is missing; --site-key needs it');
    }
    if (options['authentication-url'].length > 0) return;
    for (const name of COMPLETION_OPTIONS.filter((option) => options[option] !== undefined)) {
      problem(name, 'needs --authentication-url; add that, or leave this out');
    }
  });

/** What to build, and where to put it. */
export type Options = z.infer<typeof commandLine>;

/** Understands the arguments of the command; `'help'` where they ask for it. Throws {@link UsageError}. */
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

/** The values by option, and what is wrong with how they are written; not with what they are. */
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
  /** Where an argument is that an earlier problem explains. */
  let explainedAt: number | undefined;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (token.index === explainedAt) continue;
      problems.push(
        `${JSON.stringify(token.value)} belongs to no option; write npm run build-pages -- --option value`,
      );
      continue;
    }
    const option = OPTION_TYPES.get(token.name);
    if (option === undefined) {
      // it looks like the value of this one
      explainedAt = token.index + 1;
      const written = token.rawName.startsWith('--') ? token.rawName : args[token.index];
      problems.push(`${written} is an unknown option; the options are ${OPTION_NAMES}`);
      continue;
    }
    const problem = problemOf(token, option, values[token.name]);
    if (problem !== undefined) {
      // where the next option was taken for the value, its own value is left over
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

function problemOf(
  { value, inlineValue }: { readonly value: string | undefined; readonly inlineValue: boolean | undefined },
  { type, multiple = false }: { readonly type: string; readonly multiple?: boolean },
  previous: Values[string] | undefined,
): string | undefined {
  if (type === 'boolean') return value === undefined ? undefined : 'takes no value; leave the value out';
  if (value === undefined || (!inlineValue && value.startsWith('--'))) {
    return 'has no value; write the value after it';
  }
  return multiple || previous === undefined ? undefined : 'is given twice; give it once';
}
