import type { Language } from '../element/language.ts';

/**
 * Returns the code by which every CAPTCHA provider knows a language. None of them knows `zh-Hans`:
 * - https://developers.cloudflare.com/turnstile/reference/supported-languages/
 * - https://docs.hcaptcha.com/languages/
 * - https://cloud.google.com/recaptcha/docs/language
 */
export function captchaLanguage(language: Language): string {
  return language === 'zh-Hans' ? 'zh-CN' : language;
}
