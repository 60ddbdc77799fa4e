import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { propertiesOf, recoveryTemplate } from './synthesis.ts';

const query = z.object({ Id: z.string(), Expression: z.string().optional() });

const template = recoveryTemplate();

describe('the expression of the alarm UnknownUsers', () => {
  test.each([
    ['nobody asks', {}, 0],
    ['a few ask, all unknown', { forwarded: 0, unknown: 19 }, 0],
    ['all are unknown and nothing was forwarded at all', { unknown: 20 }, 100],
    ['half are unknown', { forwarded: 10, unknown: 10 }, 50],
    ['all are known', { forwarded: 30 }, 0],
    ['a tenth is unknown', { forwarded: 90, unknown: 10 }, 10],
    ['all go through the outbox', { delivered: 30, unknownLater: 10 }, 25],
    ['some go through the outbox', { forwarded: 10, delivered: 15, unknown: 20, unknownLater: 5 }, 50],
  ])('is the percentage of unknown users in an hour: %s', (_when, counted, share) => {
    const alarm = propertiesOf(template, 'AWS::CloudWatch::Alarm').find((properties) =>
      JSON.stringify(properties).includes('>= 20'),
    );
    expect(alarm).toMatchObject({ Threshold: 50 });
    const queries = z.array(query).parse(alarm?.['Metrics']);
    expect(JSON.stringify(alarm)).toContain('"Period":3600');
    const names = ['forwarded', 'delivered', 'unknown', 'unknownLater'];
    expect(queries.map(({ Id }) => Id)).toEqual(['expr_1', ...names]);
    const expression = queries[0]?.Expression ?? '';
    const metrics = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(metricMath(expression, { ...metrics, ...counted })).toBe(share);
  });
});

describe('the expression of the alarm NoneRecovered', () => {
  test.each([
    ['nobody asks', {}, 0],
    ['everybody is rejected', { unknown: 3, unknownLater: 1, misconfigured: 1 }, 5],
    ['everybody is unknown', { unknown: 5 }, 5],
    ['one is recovered', { forwarded: 1, unknown: 50 }, 0],
    ['one is recovered from the outbox', { delivered: 1, misconfigured: 50 }, 0],
  ])('is the number of rejected requests, unless one user was recovered: %s', (_when, counted, rejected) => {
    const alarm = propertiesOf(template, 'AWS::CloudWatch::Alarm').find(
      (properties) => 'Metrics' in properties && JSON.stringify(properties).includes('CauseMisconfigured'),
    );
    expect(alarm).toMatchObject({ Threshold: 5 });
    expect(JSON.stringify(alarm)).toContain('"Period":3600');
    const names = ['forwarded', 'delivered', 'unknown', 'unknownLater', 'misconfigured'];
    const metrics = Object.fromEntries(names.map((name) => [name, undefined]));
    const expression = z.array(query).parse(alarm?.['Metrics'])[0]?.Expression ?? '';
    expect(metricMath(expression, { ...metrics, ...counted })).toBe(rejected);
  });
});

/** CloudWatch's metric math, as far as these alarms use it, for one point in time; a metric without a value has none. */
function metricMath(expression: string, metrics: Record<string, number | undefined>): unknown {
  const functions = {
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    SUM: (values: number[]) => values.reduce((sum, value) => sum + value, 0),
    FILL: (value: number | undefined, filling: number) => value ?? filling,
    ...metrics,
  };
  return new Function(...Object.keys(functions), `return ${expression};`)(...Object.values(functions));
}
