import { describe, expect, test } from '@jest/globals';
import { conditionAt, createOutageSwitch, faultOf, OUTAGE } from '../../../benchmark/outage-script.ts';

const kinds = (condition: 'faulty' | 'dark', count: number) =>
  Array.from({ length: count }, (_, number) => faultOf(condition, number)?.kind);

describe('the script of the outage', () => {
  test.each([
    [-1, 'healthy'],
    [0, 'healthy'],
    [19_999, 'healthy'],
    [20_000, 'faulty'],
    [33_000, 'dark'],
    [47_999, 'dark'],
    [48_000, 'healthy'],
    [1_000_000, 'healthy'],
  ])('after %i ms the tenant is %s', (elapsedMs, condition) => {
    expect(conditionAt(elapsedMs)).toBe(condition);
  });

  test('rotates the token while the tenant answers, the secret following, and ends in time', () => {
    expect(conditionAt(OUTAGE.tenantRotatesAtMs)).toBe('faulty');
    expect(conditionAt(OUTAGE.secretFollowsAtMs)).toBe('faulty');
    expect(OUTAGE.secretFollowsAtMs).toBeGreaterThan(OUTAGE.tenantRotatesAtMs);
    expect(OUTAGE.arrivalsMs + OUTAGE.drainMs).toBeLessThanOrEqual(85_000);
  });

  test('hits no request while the tenant is healthy, and every one while it is dark', () => {
    expect(faultOf('healthy', 1)).toBeUndefined();
    expect(new Set(kinds('dark', 100))).toEqual(new Set(['reset', 'hang']));
  });

  test('hits three of ten requests with every kind alike while the tenant is faulty, and loses a few answers', () => {
    const drawn = kinds('faulty', 400);
    const times = (kind: string) => drawn.filter((one) => one === kind).length;
    expect(['429', '500', 'reset', 'hang'].map(times)).toEqual([30, 30, 30, 30]);
    expect(times('lost-response')).toBe(10);
  });

  test('is a fault switch that counts the requests of each phase, and that nobody turns', () => {
    let elapsedMs = Number.NEGATIVE_INFINITY;
    const faults = createOutageSwitch(() => elapsedMs);
    faults.set({ kind: '500' });
    expect(faults.current).toBeUndefined();
    expect(faults.next()).toBeUndefined();
    elapsedMs = 33_000;
    expect([faults.next(), faults.next()]).toEqual([{ kind: 'reset' }, { kind: 'hang' }]);
    faults.heal();
    expect(faults.next()).toEqual({ kind: 'reset' });
  });
});
