import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { destinationOf } from '../../../web/complete-recovery/destination.ts';

const BASE = 'https://app.example.com/register';
const ALLOWED = ['/sign-in', 'https://admin.example.com/sign-in?from=recovery'];

function destination(query: string, allowed: readonly string[] = ALLOWED): string | undefined {
  return destinationOf(new URL(`${BASE}?${query}`), allowed, BASE)?.href;
}

describe('the destination after recovery', () => {
  test('is the first allowed URL, unless the link selects another allowed one', () => {
    const second = 'https://admin.example.com/sign-in?from=recovery';
    expect(destination('token=1')).toBe('https://app.example.com/sign-in');
    expect(destination(`continue=${encodeURIComponent(second)}`)).toBe(second);
    expect(destination('continue=/sign-in')).toBe('https://app.example.com/sign-in');
  });

  test.each([
    'https://evil.example/sign-in',
    '//evil.example',
    'https://app.example.com@evil.example/sign-in',
    'https://app.example.com.evil.example/sign-in',
    'https://app.example.com/sign-in?next=https://evil.example',
    'https://app.example.com/sign-in#https://evil.example',
    'https://app.example.com/other',
    'http://app.example.com/sign-in',
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    '\\\\evil.example',
    'https:evil.example',
    'https://[',
    '',
  ])('is never %s', (selected) => {
    expect(destination(`continue=${encodeURIComponent(selected)}`)).toBe('https://app.example.com/sign-in');
  });

  test('is what the tenant selects, if that is allowed and the link selects nothing', () => {
    const second = 'https://admin.example.com/sign-in?from=recovery';
    const selected = (query: string, redirectUrl: string) =>
      destinationOf(new URL(`${BASE}?${query}`), ALLOWED, BASE, redirectUrl)?.href;
    expect(selected('token=1', second)).toBe(second);
    expect(selected('continue=/sign-in', second)).toBe('https://app.example.com/sign-in');
    expect(selected('token=1', 'https://evil.example/')).toBe('https://app.example.com/sign-in');
    expect(selected('token=1', 'javascript:alert(1)')).toBe('https://app.example.com/sign-in');
  });

  test('is always one of the allowed URLs', () => {
    const urls = ['https://app.example.com/sign-in', 'https://admin.example.com/sign-in?from=recovery'];
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (selected) => {
        expect(urls).toContain(destination(`continue=${encodeURIComponent(selected)}`));
      }),
    );
  });

  test('is the first allowed URL for a link that selects none, whatever the base URL of the page', () => {
    const base = 'https://app.example.com/';
    for (const query of ['', '?continue=', '?continue']) {
      expect(destinationOf(new URL(BASE + query), ['/sign-in', '/'], base)?.pathname).toBe('/sign-in');
    }
  });

  test('is an https or loopback URL, even if the host allows others', () => {
    const mistakes = ['javascript:alert(1)', 'http://app.example.com/', 'https://['];
    expect(destination('', mistakes)).toBeUndefined();
    expect(destination('continue=javascript:alert(1)', mistakes)).toBeUndefined();
    expect(destination('', [...mistakes, 'http://localhost:3000/sign-in'])).toBe(
      'http://localhost:3000/sign-in',
    );
    expect(destination('', [])).toBeUndefined();
  });
});
