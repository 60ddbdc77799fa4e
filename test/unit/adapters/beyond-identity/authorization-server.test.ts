import { describe, expect, jest, test } from '@jest/globals';
import { RequestFailed } from '../../../../functions/adapters/http/https-client.ts';
import {
  deadline,
  issued,
  observer,
  type Response,
  refused,
  tokensIn,
  useFakeClock,
} from './access-tokens.ts';

useFakeClock();

describe('the authorization server', () => {
  test.each([
    refused(400, 'invalid_client'),
    refused(401, 'invalid_client'),
    { status: 401, body: '{}' },
    { status: 403, body: '{}' },
  ])('is called with the rotated client secret after it rejected the old one: %j', async (response) => {
    const { tokens, requests } = tokensIn({
      responses: [response, issued('tok')],
      secrets: ['old', 'new'],
    });
    await expect(tokens.current(deadline)).resolves.toBe('tok');
    expect(requests.map(({ headers }) => headers['authorization'])).toEqual(
      ['old', 'new'].map((secret) => `Basic ${btoa(`c:${secret}`)}`),
    );
  });

  test('is called with a rotated client id whose secret is the same', async () => {
    const responses = [refused(401, 'invalid_client'), issued('tok')];
    const { tokens } = tokensIn({ responses, clientIds: ['old', 'new'] });
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test.each<[string, Response, string | undefined]>([
    ['the client credentials cannot be read again', refused(401, 'invalid_client'), undefined],
    ['it rejected something other than the client', refused(404, 'not_found'), 'new'],
  ])('is called once when %s', async (_why, response, secret) => {
    const { tokens, requests } = tokensIn({ responses: [response], secrets: ['old', secret] });
    await tokens.ready;
    expect(requests).toHaveLength(1);
    expect(observer.accessTokenUnavailable).toHaveBeenCalledTimes(1);
  });

  test.each<[string, Response]>([
    ['no response (Error)', new RequestFailed(new Error('reset'), false)],
    ['a success without an access token', { body: '<html>' }],
    ['status 101', { status: 101 }],
    ['status 300', { status: 300, body: '{"access_token":"a","expires_in":1}' }],
    ['status 400', { status: 400, body: undefined }],
    ['status 503', { status: 503 }],
  ])('is reported with the reason: %s', async (reason, response) => {
    await tokensIn({ responses: [response] }).tokens.ready;
    expect(observer.accessTokenUnavailable.mock.calls).toEqual([[reason]]);
    expect(observer.called).toHaveBeenCalledWith(
      expect.any(Number),
      expect.objectContaining({ operation: 'token' }),
    );
  });

  test.each([
    [refused(401, 'invalid_client'), 'status 401 invalid_client'],
    [refused(404, 'not_found'), 'status 404 not_found'],
    [{ status: 404, body: '{"code":"not_found"}' }, 'status 404'],
    [refused(400, 'c:s'), 'status 400'],
  ] satisfies [Response, string][])(
    'is not called for ten seconds after it rejected the client: %j',
    async (response, reason) => {
      const { tokens, requests } = tokensIn({ responses: [response, issued('tok')] });
      await tokens.ready;
      expect(observer.accessTokenUnavailable).toHaveBeenCalledWith(reason);
      await expect(tokens.current(deadline)).resolves.toBeUndefined();
      expect(requests).toHaveLength(1);
      jest.advanceTimersByTime(10_000);
      await expect(tokens.current(deadline)).resolves.toBe('tok');
    },
  );

  test.each([
    refused(503, 'x'),
    { status: 429, body: '' },
    { status: 302, body: '' },
    { status: 400, body: undefined },
    { body: '<html>' },
    { body: '{"access_token":"a b","expires_in":1}' },
    { body: '{"access_token":"a","expires_in":0}' },
    new RequestFailed(new Error('reset'), false),
    new RequestFailed(new Error('stale'), true),
  ] satisfies Response[])('is called again immediately after %j', async (response) => {
    const { tokens } = tokensIn({ responses: [response, issued('tok')] });
    await tokens.ready;
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test('is called again by the next request after three failures', async () => {
    const { tokens, requests } = tokensIn({
      responses: [...Array(3).fill(refused(500, 'x')), issued('tok')],
    });
    await tokens.ready;
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith('status 500');
    expect(requests).toHaveLength(3);
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test('is not called before the time that it asked for, at most ten seconds', async () => {
    const busy: Response = { status: 429, headers: { 'ratelimit-reset': '3600' }, body: '' };
    const { tokens, requests } = tokensIn({ responses: [busy, issued('tok')] });
    await tokens.ready;
    await expect(tokens.current(deadline)).resolves.toBeUndefined();
    expect(requests).toHaveLength(1);
    jest.advanceTimersByTime(10_000);
    await expect(tokens.current(deadline)).resolves.toBe('tok');
  });

  test('is not called without client credentials, which the next request reads again', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('tok')], secrets: [undefined] });
    await tokens.ready;
    expect(requests).toHaveLength(0);
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith('the client credentials cannot be read');
  });

  test('is not called when too little time is left', async () => {
    const { tokens, requests } = tokensIn({ responses: [issued('tok')], timeoutMs: 0 });
    jest.advanceTimersByTime(0);
    await tokens.ready;
    expect(requests).toHaveLength(0);
    expect(observer.accessTokenUnavailable).toHaveBeenCalledWith('deadline exceeded');
    await tokens.current(deadline);
    expect(observer.accessTokenUnavailable).toHaveBeenCalledTimes(2);
  });

  test('does not hide an unexpected error of our own code', async () => {
    const { tokens } = tokensIn({ responses: [new TypeError('ours')] });
    await expect(tokens.ready).rejects.toThrow('ours');
  });
});
