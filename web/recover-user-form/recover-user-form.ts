import { formatDuration, type Pause, pauseFor } from '../element/countdown.ts';
import { create, fill } from '../element/create.ts';
import { localizationAttributes, StatefulElement, type View } from '../element/stateful-element.ts';
import { createAddressForm } from './address-form.ts';
import { getCaptchaToken, isCaptchaProvider } from './captcha.ts';
import { type FormState, type RecoveryFailure, stateAfter } from './form-state.ts';
import { pauseButtons } from './pause-buttons.ts';
import { type RecoveryResult, requestRecovery } from './request-recovery.ts';
import { FORM_TEXTS, type FormTexts } from './texts.ts';

/** The deployment's default of `mailboxCooldownSeconds`. */
const DEFAULT_RESEND_AFTER_SECONDS = 60;

/**
 * `<recover-user-form endpoint="https://.../recover-user">`: the form with which a user who has lost every device requests a
 * recovery link.
 *
 * Attributes:
 * - `endpoint` (required)
 * - `email`: the initial address
 * - `resend-after`: seconds until the user may send again
 * - `captcha` (`turnstile`, `hcaptcha`, `recaptcha` or `recaptcha-v3`) with `site-key`; `captcha-script` overrides the URL of
 *   the provider's script
 * - `heading-level` (1 to 6), `lang`, and `text-...` for each of the texts
 *
 * Events, which bubble and cross shadow boundaries:
 * - `recovery-requested`: the endpoint has accepted a request
 * - `recovery-failed`: a request has failed; `detail` is a {@link RecoveryFailure}
 */
export class RecoverUserForm extends StatefulElement<FormTexts, FormState> {
  static readonly observedAttributes = ['email', ...localizationAttributes(FORM_TEXTS.en)];

  readonly #addressForm = createAddressForm(
    () => this.#submit(),
    () => {
      this.#attempt.abort();
      this.show({ kind: 'idle' });
    },
  );
  #attempt = new AbortController();
  /** The address that the endpoint accepted last, and the end of its cooldown. */
  #accepted: ({ readonly email: string } & Pause) | undefined;

  constructor() {
    super(FORM_TEXTS, { kind: 'idle' });
  }

  override disconnectedCallback(): void {
    this.#attempt.abort();
    super.disconnectedCallback();
  }

  protected override restore(state: FormState): FormState {
    return state.kind === 'sending' || state.kind === 'captcha' ? { kind: 'idle' } : state;
  }

  protected override view(state: FormState, signal: AbortSignal): View {
    const { texts } = this;
    switch (state.kind) {
      case 'idle':
      case 'invalid-address':
        this.#addressForm.prefill(this.getAttribute('email') ?? '');
        return this.#addressForm.view(state.kind, texts, this.heading(texts.title));
      // without `prefill`: the request in flight is for the address in the field
      case 'captcha':
      case 'sending':
        return this.#addressForm.view(state.kind, texts, this.heading(texts.title));
      case 'sent':
        return this.#messageView(texts.sentTitle, texts.sentMessage, signal, state, texts.resend);
      case 'too-many-requests':
        return this.#messageView(texts.waitTitle, texts.waitMessage, signal, state);
      case 'unavailable':
        return this.#messageView(texts.unavailableTitle, texts.unavailableMessage, signal, state);
      case 'offline':
        return this.#messageView(texts.offlineTitle, texts.offlineMessage, signal);
      case 'captcha-failed':
        return this.#messageView(texts.failedTitle, texts.captchaFailed, signal);
      case 'captcha-unavailable':
        return this.#messageView(texts.failedTitle, texts.captchaUnavailable, signal);
      case 'failed': {
        const reference = fill(texts.reference, { number: state.requestId ?? '' }).join('');
        const message = state.requestId ? `${texts.failedMessage} ${reference}` : texts.failedMessage;
        return this.#messageView(texts.failedTitle, message, signal);
      }
    }
  }

  #messageView(
    title: string,
    message: string,
    signal: AbortSignal,
    pause?: Pause,
    retry = this.texts.retry,
  ): View {
    const { texts } = this;
    const heading = this.heading(title);
    const retryButton = create('button', { type: 'button', part: 'button' }, retry);
    const otherButton = create(
      'button',
      { type: 'button', class: 'secondary', part: 'button' },
      texts.otherAddress,
    );
    retryButton.addEventListener('click', () => {
      if (retryButton.ariaDisabled !== 'true') this.#submit();
    });
    otherButton.addEventListener('click', () => {
      if (otherButton.ariaDisabled !== 'true') this.show({ kind: 'idle' });
    });
    const email = create('bdi', {}, this.#addressForm.email);
    const paragraph = create('p', { part: 'message' }, ...fill(message, { address: email }));
    const content: Node[] = [heading, paragraph];
    if (pause) {
      // the cooldown after `sent` is for one mailbox; the other pauses are for every address
      const paused = this.state.kind === 'sent' ? [retryButton] : [retryButton, otherButton];
      const onEnd = () => this.announce(texts.countdownOver);
      content.push(pauseButtons(pause, paused, (seconds) => this.#countdownText(seconds), onEnd, signal));
    }
    content.push(create('div', { class: 'actions' }, retryButton, otherButton));
    return { content, focus: heading, announcement: `${title}. ${paragraph.textContent}` };
  }

  #countdownText(secondsLeft: number): string {
    const { texts } = this;
    const time = formatDuration(secondsLeft, this.language);
    return secondsLeft > 0 ? fill(texts.countdown, { time }).join('') : texts.countdownOver;
  }

  async #submit(): Promise<void> {
    if (this.state.kind === 'sending' || this.state.kind === 'captcha') return;
    if (!this.#addressForm.isValid) return this.show({ kind: 'invalid-address' });
    // during the cooldown, the endpoint would accept the request and send no email
    const { email, until = 0 } = this.#accepted ?? {};
    if (email === this.#addressForm.email && until > Date.now()) return this.show({ kind: 'sent', until });
    this.#attempt = new AbortController();
    await this.#send(this.#addressForm.email, this.#attempt.signal);
  }

  async #send(email: string, signal: AbortSignal): Promise<void> {
    const endpoint = this.getAttribute('endpoint');
    if (!endpoint) {
      reportError(new Error("<recover-user-form> has no endpoint: set it to the stack's EndpointUrl."));
      return this.#end({ kind: 'failed', requestId: undefined }, email);
    }
    const hasCaptcha = this.hasAttribute('captcha');
    const captchaToken = hasCaptcha ? await this.#getCaptchaToken(signal) : undefined;
    if (signal.aborted) return;
    if (hasCaptcha && captchaToken === undefined) {
      return this.#fail({ kind: 'captcha-unavailable' }, { reason: 'captcha-unavailable' });
    }
    this.show({ kind: 'sending' });
    const result = await requestRecovery(endpoint, { email, captchaToken }, signal);
    if (!signal.aborted) this.#end(result, email);
  }

  /** Resolves with `undefined` if the CAPTCHA is unavailable or the user cancels it. */
  async #getCaptchaToken(signal: AbortSignal): Promise<string | undefined> {
    const provider = this.getAttribute('captcha') ?? '';
    const scriptUrl = this.getAttribute('captcha-script');
    const siteKey = this.getAttribute('site-key') ?? '';
    const { language } = this;
    const container = create('div', { slot: 'captcha' });
    this.append(container);
    this.show({ kind: provider === 'recaptcha-v3' ? 'sending' : 'captcha' });
    try {
      if (!isCaptchaProvider(provider)) {
        throw new Error(`<recover-user-form> has an unknown captcha: ${JSON.stringify(provider)}.`);
      }
      return await getCaptchaToken({ provider, siteKey, scriptUrl, language }, container, signal);
    } catch (error) {
      if (!signal.aborted) reportError(error);
      return undefined;
    } finally {
      // each token is valid for one request, and so is its widget
      container.remove();
    }
  }

  #end(result: RecoveryResult, email: string): void {
    if (result.kind === 'accepted') {
      this.#accepted = { email, ...pauseFor(this.#resendAfterSeconds) };
      this.show({ kind: 'sent', until: this.#accepted.until });
      this.#dispatch('recovery-requested');
      return;
    }
    if (result.kind === 'captcha-failed' && !this.hasAttribute('captcha')) {
      reportError(new Error('<recover-user-form> has no captcha: the endpoint requires one.'));
    }
    const { kind: reason, ...details } = result;
    this.#fail(stateAfter(result), { reason, ...details });
  }

  #fail(state: FormState, detail: RecoveryFailure): void {
    this.show(state);
    this.#dispatch('recovery-failed', detail);
  }

  #dispatch(type: string, detail?: RecoveryFailure): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  get #resendAfterSeconds(): number {
    const seconds = Number.parseInt(this.getAttribute('resend-after') ?? '', 10);
    return Number.isNaN(seconds) ? DEFAULT_RESEND_AFTER_SECONDS : Math.max(0, seconds);
  }
}
