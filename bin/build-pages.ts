import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type BuiltPage, buildCompletionPage, buildRecoveryPage, bundle } from '../web/build.ts';

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
  --output FOLDER           where the files go (web/dist)`;

const URL_MESSAGE =
  'must be an https URL (http for localhost only), such as https://recovery.example.com/recover-user';

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
}

const safeUrl = z.string().refine(isSafeUrl, URL_MESSAGE);
const commandLine = z
  .object({
    endpoint: z
      .string('is missing; it is the output EndpointUrl of the stack')
      .refine(isSafeUrl, URL_MESSAGE),
    'resend-after': z
      .string()
      .regex(/^\d{1,4}$/, 'must be a number of seconds, such as 60')
      .default('60'),
    'human-check': z
      .enum(
        ['turnstile', 'hcaptcha', 'recaptcha', 'recaptcha-v3'],
        'must be turnstile, hcaptcha, recaptcha or recaptcha-v3',
      )
      .optional(),
    'site-key': z.string().optional(),
    'authentication-url': z.array(safeUrl).default([]),
    'recovery-url': z.string().default('index.html'),
    'link-parameter': z.string().optional(),
    'connect-origin': z.array(safeUrl).default([]),
    output: z.string().default(join('web', 'dist')),
  })
  .refine((options) => (options['human-check'] === undefined) === (options['site-key'] === undefined), {
    path: ['site-key'],
    message: 'and --human-check need each other',
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
  if (pages.length > 1) console.log('Put your register-credential.js beside register.html: see the README.');
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
        output: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function pagesOf(options: Options): (BuiltPage & { html: string })[] {
  const { endpoint, 'human-check': provider, 'site-key': siteKey, 'authentication-url': urls } = options;
  const recoveryPage = buildRecoveryPage({
    endpoint,
    endpointOrigin: new URL(endpoint).origin,
    resendAfterSeconds: Number(options['resend-after']),
    humanCheck: provider && siteKey ? { provider, siteKey } : undefined,
  });
  if (urls.length === 0) return [{ html: 'index.html', ...recoveryPage }];
  const completionPage = buildCompletionPage({
    authenticationUrls: urls,
    recoveryUrl: options['recovery-url'],
    linkParameter: options['link-parameter'],
    connectOrigins: options['connect-origin'].map((url) => new URL(url).origin),
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
