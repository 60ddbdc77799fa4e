import { formatDuration, type Pause, pauseFor } from '../element/countdown.ts';
import { create, fill } from '../element/create.ts';
import type { IconName } from '../element/icon.ts';
import { footer, linkedPage, supportUrl } from '../element/links.ts';
import { localizationAttributes, StatefulElement, type View } from '../element/stateful-element.ts';
import { form as english } from '../languages/en.ts';
import type { FormTexts } from '../languages/texts.ts';
import { createAddressForm } from './address-form.ts';
import { type FormState, type RecoveryFailure, stateAfter } from './form-state.ts';
import { messageView } from './message-view.ts';
import { obtainCaptchaToken } from './obtain-captcha-token.ts';
import { RecentRequests, type RequestKey } from './recent-requests.ts';
import { type RecoveryResult, requestRecovery } from './request-recovery.ts';

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
 * - `sign-in-url`: the page to go back to; `support-url`: a page, a `mailto:` or a `tel:` URL
 * - `heading-level` (1 to 6), `lang`, and `text-...` for each of the texts
 *
 * Slot: `logo`. Other content is shown until the element is defined: the place for what to do without JavaScript.
 *
 * Events, which bubble and cross shadow boundaries:
 * - `recovery-requested`: the endpoint has accepted a request
 * - `recovery-failed`: a request has failed; `detail` is a {@link RecoveryFailure}
 * - `recovery-state-changed`
 */
export class RecoverUserForm extends StatefulElement<FormTexts, FormState> {
  static readonly observedAttributes = [
    ...['email', 'sign-in-url', 'support-url'],
    ...localizationAttributes(english),
  ];

  readonly #addressForm = createAddressForm(
    () => this.#submit(),
    () => {
      this.#attempt.abort();
      this.show({ kind: 'idle' });
    },
  );
  readonly #recentRequests = new RecentRequests();
  #attempt = new AbortController();
  #isSubmitting = false;
  /** The address of the latest request. */
  #email = '';

  constructor() {
    super(english, ({ form }) => form, { kind: 'idle' });
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
    const view = this.#viewOf(state, signal);
    const back = { text: texts.backToSignIn, url: linkedPage(this, 'sign-in-url') };
    const below = footer(back, { text: texts.support, url: supportUrl(this) });
    return { ...view, content: [...view.content, ...(below ? [below] : [])] };
  }

  #viewOf(state: FormState, signal: AbortSignal): View {
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
        return this.#message(signal, texts.sentTitle, texts.sentMessage, state, 'sent');
      case 'sent-recently':
        return this.#message(signal, texts.sentTitle, texts.sentRecentlyMessage, state, 'sent');
      case 'too-many-requests':
        return this.#message(signal, texts.waitTitle, texts.waitMessage, state);
      case 'unavailable':
        return this.#message(signal, texts.unavailableTitle, texts.unavailableMessage, state);
      case 'offline':
        return this.#message(signal, texts.offlineTitle, texts.offlineMessage);
      case 'captcha-failed':
        return this.#message(signal, texts.failedTitle, texts.captchaFailed);
      case 'captcha-unavailable':
        return this.#message(signal, texts.failedTitle, texts.captchaUnavailable);
      case 'failed': {
        const reference = fill(texts.reference, { number: state.requestId ?? '' }).join('');
        const message = state.requestId ? `${texts.failedMessage} ${reference}` : texts.failedMessage;
        return this.#message(signal, texts.failedTitle, message);
      }
    }
  }

  #message(
    signal: AbortSignal,
    title: string,
    message: string,
    pause?: Pause,
    iconName: IconName = 'problem',
  ): View {
    const { texts } = this;
    const isSent = iconName === 'sent';
    const retry = this.#button(isSent ? texts.resend : texts.retry, isSent ? 'secondary' : '', () =>
      this.#submit(),
    );
    const other = this.#button(texts.otherAddress, 'secondary', () => {
      this.show({ kind: 'idle' });
      this.#addressForm.select();
    });
    return messageView(
      {
        icon: iconName,
        heading: this.heading(title),
        message,
        address: this.#email,
        // the cooldown of `sent` is for one mailbox; the other pauses are for every address
        buttons: [
          { button: retry, isPaused: true },
          { button: other, isPaused: !isSent },
        ],
        pause,
        countdownText: (seconds) => this.#countdownText(seconds),
        onPauseEnd: () => this.announce(texts.countdownOver),
      },
      signal,
    );
  }

  #button(text: string, className: string, onClick: () => void): HTMLButtonElement {
    const button = create('button', { type: 'button', class: className, part: 'button' }, text);
    button.addEventListener('click', () => {
      if (button.ariaDisabled !== 'true') onClick();
    });
    return button;
  }

  #countdownText(secondsLeft: number): string {
    const { texts } = this;
    const time = formatDuration(secondsLeft, this.language);
    return secondsLeft > 0 ? fill(texts.countdown, { time }).join('') : texts.countdownOver;
  }

  async #submit(): Promise<void> {
    if (this.#isSubmitting || this.state.kind === 'sending' || this.state.kind === 'captcha') return;
    if (!this.#addressForm.isValid) return this.show({ kind: 'invalid-address' });
    this.#email = this.#addressForm.email;
    const endpoint = this.getAttribute('endpoint');
    if (!endpoint) {
      reportError(new Error("<recover-user-form> has no endpoint: set it to the stack's EndpointUrl."));
      return this.#fail({ kind: 'failed', requestId: undefined }, { reason: 'failed' });
    }
    this.#attempt = new AbortController();
    this.#isSubmitting = true;
    await this.#request({ endpoint, email: this.#email }, this.#attempt.signal);
    this.#isSubmitting = false;
  }

  async #request(request: RequestKey, signal: AbortSignal): Promise<void> {
    const recent = await this.#recentRequests.find(request, this.#resendAfterSeconds);
    if (signal.aborted) return;
    // the endpoint would accept the request and send no email
    if (recent) return this.show({ kind: 'sent-recently', ...recent });
    const result = await this.#send(request, signal);
    if (signal.aborted || result === undefined) return;
    if (result.kind === 'accepted') {
      await this.#recentRequests.remember(request, pauseFor(this.#resendAfterSeconds));
    }
    this.#end(result);
  }

  /** Resolves with `undefined` if there is no request, because the CAPTCHA is unavailable or the user cancels it. */
  async #send({ endpoint, email }: RequestKey, signal: AbortSignal): Promise<RecoveryResult | undefined> {
    const hasCaptcha = this.hasAttribute('captcha');
    const showWidget = (provider: string) =>
      this.show({ kind: provider === 'recaptcha-v3' ? 'sending' : 'captcha' });
    const captchaToken = hasCaptcha
      ? await obtainCaptchaToken(this, this.language, showWidget, signal)
      : undefined;
    if (signal.aborted) return undefined;
    if (hasCaptcha && captchaToken === undefined) {
      this.#fail({ kind: 'captcha-unavailable' }, { reason: 'captcha-unavailable' });
      return undefined;
    }
    this.show({ kind: 'sending' });
    return requestRecovery(endpoint, { email, captchaToken }, signal);
  }

  #end(result: RecoveryResult): void {
    if (result.kind === 'accepted') {
      this.show({ kind: 'sent', ...pauseFor(this.#resendAfterSeconds) });
      this.#dispatch('recovery-requested');
      return;
    }
    if (result.kind === 'captcha-failed' && !this.hasAttribute('captcha')) {
      reportError(
        new Error(
          '<recover-user-form> has no captcha, but the endpoint requires one: set captcha and site-key.',
        ),
      );
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
