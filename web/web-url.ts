const LOOPBACK_HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * A URL that a browser may be sent to or may call: https, or http on one's own machine; `undefined` for anything else, such as
 * `javascript:`. A relative one is resolved against `base`.
 */
export function webUrl(text: string, base?: string): URL | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.test(url.hostname));
  return isSafe ? url : undefined;
}
