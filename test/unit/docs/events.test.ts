import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { EVENT_SCHEMA_FILE, eventSchemaText } from '../../../bin/event-schema-document.ts';
import {
  operatorActed,
  recoveryDeliveryAttempted,
  recoveryEvent,
  recoveryRequested,
  recoveryRequestedByOperator,
} from '../../../functions/adapters/aws/recovery-event.ts';
import { documentAt } from './markdown.ts';

const { text } = documentAt('docs/events.md');

/** The words in backquotes in one column of the rows of the table that begins with this heading. */
function wordsUnder(heading: string, column: number): string[][] {
  const [, table = ''] = text.split(`\n| ${heading} |`);
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  return rows.map((row) =>
    [...(row.split('|')[column] ?? '').matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word),
  );
}

describe('docs/events.md', () => {
  test('names every field of the events, and no other', () => {
    const fields = [
      recoveryRequested,
      recoveryDeliveryAttempted,
      recoveryRequestedByOperator,
      operatorActed,
    ].flatMap(({ shape }) => Object.keys(shape.detail.shape));
    expect(wordsUnder('field', 1).flat().sort()).toEqual([...new Set(fields)].sort());
  });

  test('names every outcome and cause, and no other', () => {
    const [requests = [], deliveries = [], operators = [], causes = []] = wordsUnder('`outcome` of', 2);
    const request = recoveryRequested.shape.detail.shape;
    expect(causes.toSorted()).toEqual(request.cause.def.innerType.options.toSorted());
    // "without an outbox also those of `cause`"
    const named = [...requests.filter((word) => word !== 'cause'), ...causes];
    expect(named.sort()).toEqual(request.outcome.options.toSorted());
    expect(deliveries.sort()).toEqual(
      recoveryDeliveryAttempted.shape.detail.shape.outcome.options.toSorted(),
    );
    expect(operators.sort()).toEqual(
      recoveryRequestedByOperator.shape.detail.shape.outcome.options.toSorted(),
    );
  });

  test('has an example that the schema accepts, without a field that it does not name', () => {
    const [, example = ''] = /```json\n([\s\S]+?)```/.exec(text) ?? [];
    const event: { detail: unknown } = JSON.parse(example);
    expect(recoveryEvent.parse(event).detail).toEqual(event.detail);
  });

  test('leads to the JSON Schema that npm run event-schema generates', async () => {
    expect(text).toContain('(event.schema.json)');
    expect(await readFile(EVENT_SCHEMA_FILE, 'utf8')).toBe(eventSchemaText());
  });
});
