const LOOPBACK_HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * Parses a URL that is safe to navigate to or to call: https, or http on a loopback host. Returns `undefined` for anything else,
 * such as `javascript:`. A relative URL is resolved against `base`.
 */
export function webUrl(text: string, base?: string): URL | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.test(url.hostname));
  return isSafe ? url : undefined;
}
