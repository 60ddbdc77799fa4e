import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { CAUSE_METRICS, OUTCOME_METRICS } from '../../functions/runtime/metric-names.ts';

/** The names in backquotes in the first column of the table of docs/operations.md with this heading. */
async function documentedUnder(heading: string): Promise<string[]> {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split(`\n| ${heading} |`);
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
}

test('docs/operations.md explains every outcome that a request is counted under, and no other', async () => {
  expect((await documentedUnder('outcome')).sort()).toEqual(Object.values(OUTCOME_METRICS).sort());
});

test('docs/operations.md explains every cause that is counted for a request that was not forwarded, and no other', async () => {
  expect((await documentedUnder('cause')).sort()).toEqual(Object.values(CAUSE_METRICS).sort());
});
