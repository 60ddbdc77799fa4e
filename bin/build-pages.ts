import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type BuiltPage, buildCompletionPage, buildRecoveryPage, bundle } from '../web/build.ts';
import { type Options, parseCommandLine, USAGE, UsageError } from './build-pages-command-line.ts';

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const pages = buildPages(options);
  const headers = Object.fromEntries(pages.map(({ html, headers }) => [html, headers]));
  const files = new Map<string, string>([
    ['recover-user-form.js', bundle('recover-user-form/index.ts')],
    ['complete-recovery.js', bundle('complete-recovery/index.ts')],
    ...pages.flatMap(({ files }) => Object.entries(files)),
    ['headers.json', `${JSON.stringify(headers, null, 2)}\n`],
  ]);
  await writeFiles(options.output, files);
  console.log(`Built into ${options.output}: ${[...files.keys()].join(', ')}`);
  if (pages.length > 1)
    console.log('Put your register-credential.js beside register.html: see web/README.md.');
}

function buildPages(options: Options): (BuiltPage & { html: string })[] {
  const { endpoint, captcha: provider, 'site-key': siteKey, 'resend-after': resendAfter } = options;
  const recoveryPage = buildRecoveryPage({
    endpoint,
    endpointOrigin: new URL(endpoint).origin,
    resendAfterSeconds: resendAfter === undefined ? undefined : Number(resendAfter),
    captcha: provider && siteKey ? { provider, siteKey } : undefined,
  });
  const authenticationUrls = options['authentication-url'];
  if (authenticationUrls.length === 0) return [{ html: 'index.html', ...recoveryPage }];
  const completionPage = buildCompletionPage({
    authenticationUrls,
    recoveryUrl: options['recovery-url'] ?? 'index.html',
    linkParameter: options['link-parameter'],
    connectOrigins: (options['connect-origin'] ?? []).map((url) => new URL(url).origin),
    allowUnsafeEval: options['allow-unsafe-eval'],
  });
  return [
    { html: 'index.html', ...recoveryPage },
    { html: 'register.html', ...completionPage },
  ];
}

/** Throws {@link UsageError} where the folder cannot be made or written to. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    for (const [name, contents] of files) await writeFile(join(folder, name), contents);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`--output ${outputProblem(folder, String(error.code))}`);
  }
}

/** Not by `mkdir`'s option `recursive`, which never comes back where the system says that a parent is missing: below /proc. */
async function makeFolder(path: string): Promise<void> {
  const code = await mkdir(path).then(() => undefined, codeOf);
  if (code === undefined || (code === 'EEXIST' && (await stat(path)).isDirectory())) return;
  if (code === 'ENOENT' && dirname(path) !== path) await makeFolder(dirname(path));
  // throws what is wrong, unless it was the parent that was missing
  await mkdir(path);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

function outputProblem(folder: string, code: string): string {
  const name = JSON.stringify(folder);
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `leads to a file: ${name}; name a folder`;
    case 'EISDIR':
      return `has a folder in the place of a file: ${name}; remove that, or name another folder`;
    default:
      return `cannot be written to: ${name} (${code}); name a folder that you may write to`;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
