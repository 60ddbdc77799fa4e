import { create } from '../element/create.ts';
import type { Language } from '../element/language.ts';
import { getCaptchaToken, isCaptchaProvider } from './captcha.ts';
import { captchaLanguage } from './captcha-language.ts';
import { CAPTCHA_PROVIDERS } from './captcha-provider.ts';

/**
 * Obtains a token from the CAPTCHA in the attributes of a form. `showWidget` is called with the provider once the place of its
 * widget is in the form. Resolves with `undefined` if the CAPTCHA is unavailable, which is reported to the page, or if the signal
 * aborts.
 */
export async function obtainCaptchaToken(
  form: HTMLElement,
  formLanguage: Language,
  showWidget: (provider: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const provider = form.getAttribute('captcha') ?? '';
  const scriptUrl = form.getAttribute('captcha-script');
  const siteKey = form.getAttribute('site-key') ?? '';
  const container = create('div', { slot: 'captcha' });
  form.append(container);
  showWidget(provider);
  try {
    if (!isCaptchaProvider(provider)) {
      const known = CAPTCHA_PROVIDERS.join(', ');
      throw new Error(
        `<recover-user-form> has an unknown captcha ${JSON.stringify(provider)}: use ${known}.`,
      );
    }
    const language = captchaLanguage(formLanguage);
    return await getCaptchaToken({ provider, siteKey, scriptUrl, language }, container, signal);
  } catch (error) {
    if (!signal.aborted) reportError(error);
    return undefined;
  } finally {
    // each token is valid for one request, and so is its widget
    container.remove();
  }
}
