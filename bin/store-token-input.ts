import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { OperatorError } from './stack-outputs.ts';
import type { Credential, CredentialField } from './store-token-credentials.ts';

/**
 * Asks for the values of a credential at the terminal, or reads them from standard input, one a line. Returns them by their
 * keys in the secret. Throws {@link OperatorError}, without what was given.
 */
export async function readCredential({ fields }: Credential): Promise<Record<string, string>> {
  const lines = stdin.isTTY ? await askForEach(fields) : linesOf(await text(stdin), fields);
  return Object.fromEntries(fields.map((field, index) => [field.key, checked(lines[index] ?? '', field)]));
}

async function askForEach(fields: readonly CredentialField[]): Promise<string[]> {
  const lines: string[] = [];
  for (const field of fields) lines.push(await ask(field));
  return lines;
}

/** What is typed or pasted is not shown, unless the field says so. */
async function ask({ name, isShown }: CredentialField): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: stdin, output: isShown ? stdout : silent, terminal: true });
  const interrupted = new AbortController();
  prompt.on('SIGINT', () => interrupted.abort());
  const question = `${name.replace(/^./, (letter) => letter.toUpperCase())}${isShown ? '' : ' (not shown)'}: `;
  if (!isShown) stdout.write(question);
  try {
    return await prompt.question(isShown ? question : '', { signal: interrupted.signal });
  } catch {
    throw new OperatorError('Interrupted; nothing was stored.');
  } finally {
    prompt.close();
    if (!isShown) stdout.write('\n');
  }
}

function linesOf(input: string, fields: readonly CredentialField[]): string[] {
  const lines = input.replace(/\r?\n$/, '').split(/\r?\n|\r/);
  if (lines.length <= fields.length) return lines;
  const [only] = fields;
  throw new OperatorError(
    fields.length === 1 && only
      ? `A ${only.shortName} is one line, and there are several.`
      : `There are too many lines: ${fields.map(({ name }) => `the ${name}`).join(' and ')} are one line each.`,
  );
}

function checked(value: string, { name, shortName, pattern }: CredentialField): string {
  if (value === '') throw new OperatorError(`There is no ${shortName} in the input.`);
  if (pattern.test(value)) return value;
  throw new OperatorError(`This is no ${name}: it contains invalid characters (a space or quotes?).`);
}
