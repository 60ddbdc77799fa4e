import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type BuiltPage, buildCompletionPage, buildRecoveryPage, bundle } from '../web/build.ts';
import { HUMAN_CHECK_PROVIDERS } from '../web/recover-user-form/human-check-provider.ts';
import { webUrl } from '../web/web-url.ts';

const USAGE = `Builds the two elements and the ready pages, to be hosted as they are.

  npm run build-pages -- --endpoint URL [--authentication-url URL ...] [OPTIONS]

  --endpoint URL            the stack's output EndpointUrl: for the recovery page
  --resend-after SECONDS    mailboxCooldownSeconds of the deployment (60)
  --human-check PROVIDER    turnstile, hcaptcha, recaptcha (version 2) or recaptcha-v3
  --site-key KEY            its public key for this site
  --authentication-url URL  where a recovered user signs in; builds the page for the registration redirect URI too. May be
                            repeated: a link chooses one by its parameter "continue", the first is taken otherwise
  --recovery-url URL        where that page sends people for a new link (index.html)
  --link-parameter NAME     the query parameter without which a link is not complete; absent: any link is handed over
  --connect-origin ORIGIN   what your register-credential.js calls, such as https://api.byndid.com; may be repeated
  --allow-evaluation        lets that page make code out of text, which your SDK may need (@beyondidentity/bi-sdk-js does)
  --output FOLDER           where the files go (web/dist)`;

const URL_MESSAGE =
  'must be an https URL (http for this machine only), such as https://recovery.example.com/recover-user';

/** As browsers write it: white space would make two of it in a list, and a semicolon end a directive of the policy. */
const safeUrl = z
  .string()
  .refine((text) => webUrl(text) !== undefined && !/[\s;,]/.test(new URL(text).host), URL_MESSAGE)
  .transform((text) => new URL(text).href);

/** What only the page for the registration redirect URI is told. */
const OF_COMPLETION = ['recovery-url', 'link-parameter', 'connect-origin', 'allow-evaluation'] as const;

const commandLine = z
  .object({
    endpoint: z.string('is missing; it is the output EndpointUrl of the stack').pipe(safeUrl),
    'resend-after': z
      .string()
      .regex(/^\d{1,4}$/, 'must be a number of seconds, such as 60')
      .optional(),
    'human-check': z
      .enum(HUMAN_CHECK_PROVIDERS, `must be one of ${HUMAN_CHECK_PROVIDERS.join(', ')}`)
      .optional(),
    'site-key': z.string().optional(),
    'authentication-url': z.array(safeUrl).default([]),
    'recovery-url': z
      .string()
      .refine(
        (text) => webUrl(text, 'https://page.example') !== undefined,
        'must be a URL, or a path of the same site',
      )
      .optional(),
    'link-parameter': z.string().optional(),
    'connect-origin': z.array(safeUrl).optional(),
    'allow-evaluation': z.boolean().optional(),
    output: z.string().default(join('web', 'dist')),
  })
  .superRefine((options, problems) => {
    if ((options['human-check'] === undefined) !== (options['site-key'] === undefined)) {
      problems.addIssue({ code: 'custom', path: ['site-key'], message: 'and --human-check need each other' });
    }
    if (options['authentication-url'].length > 0) return;
    for (const name of OF_COMPLETION.filter((option) => options[option] !== undefined)) {
      problems.addIssue({ code: 'custom', path: [name], message: 'needs --authentication-url' });
    }
  });

type Options = z.infer<typeof commandLine>;

/** The command line cannot be understood; the message names the option and the mend. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

async function main(): Promise<void> {
  const values = readValues();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { data: options, error } = commandLine.safeParse(values);
  if (error)
    throw new UsageError(
      error.issues.map(({ path, message }) => `--${path.join(' ')} ${message}`).join('\n'),
    );
  const pages = pagesOf(options);
  const headers = Object.fromEntries(pages.map(({ html, headers }) => [html, headers]));
  const files = new Map<string, string>([
    ['recover-user-form.js', bundle('recover-user-form/index.ts')],
    ['complete-recovery.js', bundle('complete-recovery/index.ts')],
    ...pages.flatMap(({ files }) => Object.entries(files)),
    ['headers.json', `${JSON.stringify(headers, null, 2)}\n`],
  ]);
  await mkdir(options.output, { recursive: true });
  for (const [name, contents] of files) await writeFile(join(options.output, name), contents);
  console.log(`Built into ${options.output}: ${[...files.keys()].join(', ')}`);
  if (pages.length > 1)
    console.log('Put your register-credential.js beside register.html: see web/README.md.');
}

function readValues() {
  try {
    return parseArgs({
      options: {
        endpoint: { type: 'string' },
        'resend-after': { type: 'string' },
        'human-check': { type: 'string' },
        'site-key': { type: 'string' },
        'authentication-url': { type: 'string', multiple: true },
        'recovery-url': { type: 'string' },
        'link-parameter': { type: 'string' },
        'connect-origin': { type: 'string', multiple: true },
        'allow-evaluation': { type: 'boolean' },
        output: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function pagesOf(options: Options): (BuiltPage & { html: string })[] {
  const { endpoint, 'human-check': provider, 'site-key': siteKey, 'resend-after': resendAfter } = options;
  const recoveryPage = buildRecoveryPage({
    endpoint,
    endpointOrigin: new URL(endpoint).origin,
    resendAfterSeconds: resendAfter === undefined ? undefined : Number(resendAfter),
    humanCheck: provider && siteKey ? { provider, siteKey } : undefined,
  });
  const authenticationUrls = options['authentication-url'];
  if (authenticationUrls.length === 0) return [{ html: 'index.html', ...recoveryPage }];
  const completionPage = buildCompletionPage({
    authenticationUrls,
    recoveryUrl: options['recovery-url'] ?? 'index.html',
    linkParameter: options['link-parameter'],
    connectOrigins: (options['connect-origin'] ?? []).map((url) => new URL(url).origin),
    allowsEvaluation: options['allow-evaluation'],
  });
  return [
    { html: 'index.html', ...recoveryPage },
    { html: 'register.html', ...completionPage },
  ];
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
