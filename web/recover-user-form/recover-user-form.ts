import { countDown, formatDuration, type Pause, pauseFor } from '../element/countdown.ts';
import { create, fill } from '../element/create.ts';
import { localizationAttributes, StatefulElement, type View } from '../element/stateful-element.ts';
import { getCaptchaToken } from './captcha.ts';
import { isCaptchaProvider } from './captcha-provider.ts';
import { type RecoveryResult, requestRecovery } from './request-recovery.ts';
import { FORM_TEXTS, type FormTexts } from './texts.ts';

/** What the form is doing; the attribute `state` has its `kind`. */
export type FormState =
  | { readonly kind: 'idle' | 'invalid-address' | 'captcha' | 'sending' | 'offline' }
  | { readonly kind: 'captcha-failed' | 'captcha-unavailable' }
  | ({ readonly kind: 'sent' | 'too-many-requests' | 'unavailable' } & Pause)
  | { readonly kind: 'failed'; readonly requestId: string | undefined };

/** Why a request came to nothing: the `detail` of `recovery-failed`. It never holds the address. */
export interface RecoveryFailure {
  readonly reason: Exclude<RecoveryResult['kind'], 'accepted'> | 'captcha-unavailable';
  /** Under which the service logged the request, where it did. */
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A mailbox gets one mail a minute unless the deployment says otherwise (`mailboxCooldownSeconds`). */
const DEFAULT_RESEND_AFTER_SECONDS = 60;

/** What `email` takes at most, as the endpoint does. */
const MAXIMUM_ADDRESS_LENGTH = 254;

/**
 * `<recover-user-form endpoint="https://.../recover-user">`: a person who has lost every device asks for the recovery link.
 *
 * Attributes: `endpoint` (required); `email`, to begin with; `resend-after`, in seconds; `captcha` (`turnstile`, `hcaptcha`,
 * `recaptcha` or `recaptcha-v3`) with `site-key` and, where the script is not the provider's own, `captcha-script`;
 * `heading-level`, 1 to 6; `lang`; and `text-...` for each of the texts.
 *
 * Events, which bubble and leave shadow trees: `recovery-requested` when the endpoint has accepted a request, and
 * `recovery-failed` with a {@link RecoveryFailure} as its `detail`.
 */
export class RecoverUserForm extends StatefulElement<FormTexts, FormState> {
  static readonly observedAttributes = ['email', ...localizationAttributes(FORM_TEXTS.en)];

  readonly #label = create('label', { for: 'address', part: 'label' });
  readonly #input = create('input', {
    id: 'address',
    part: 'input',
    name: 'email',
    type: 'email',
    required: '',
    maxlength: `${MAXIMUM_ADDRESS_LENGTH}`,
    autocomplete: 'email',
    autocapitalize: 'none',
    spellcheck: 'false',
    dir: 'ltr',
    'aria-describedby': 'error',
  });
  readonly #error = create('p', { id: 'error', class: 'error', part: 'error' });
  readonly #captchaMessage = create('p', { tabindex: '-1', part: 'message' });
  readonly #captcha = create('div', {}, this.#captchaMessage, create('slot', { name: 'captcha' }));
  readonly #progress = create('div', { class: 'progress', part: 'progress', role: 'progressbar' });
  readonly #submit = create('button', { type: 'submit', part: 'button' });
  readonly #cancelButton = create('button', { type: 'button', class: 'secondary', part: 'button' });
  readonly #form = create(
    'form',
    { novalidate: '', part: 'form' },
    create('div', { class: 'field' }, this.#label, this.#input, this.#error),
    this.#captcha,
    create('div', { class: 'actions' }, this.#submit, this.#cancelButton),
    this.#progress,
  );

  /** The address that the page gave last. */
  #lastProvidedEmail = '';
  #attempt = new AbortController();
  /** The address that the endpoint accepted last, and until when it would do nothing for it. */
  #accepted: ({ readonly address: string } & Pause) | undefined;

  constructor() {
    super(FORM_TEXTS, { kind: 'idle' });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submitAddress();
    });
    this.#cancelButton.addEventListener('click', () => {
      this.#attempt.abort();
      this.show({ kind: 'idle' });
    });
  }

  override disconnectedCallback(): void {
    this.#attempt.abort();
    super.disconnectedCallback();
  }

  protected override stateOnConnect(state: FormState): FormState {
    return state.kind === 'sending' || state.kind === 'captcha' ? { kind: 'idle' } : state;
  }

  protected override view(state: FormState, signal: AbortSignal): View {
    const { texts } = this;
    switch (state.kind) {
      case 'idle':
        return this.#formView(state, this.#input, texts.title);
      case 'invalid-address':
        return this.#formView(state, this.#input, texts.invalidAddress);
      case 'sending':
        return this.#formView(state, this.#submit, texts.sending);
      case 'captcha':
        return this.#formView(state, this.#captchaMessage, texts.captcha);
      case 'sent':
        return this.#messageView(texts.sentTitle, texts.sentMessage, texts.resend, signal, state);
      case 'too-many-requests':
        return this.#messageView(texts.waitTitle, texts.waitMessage, texts.retry, signal, state);
      case 'unavailable': {
        const { unavailableTitle, unavailableMessage, retry } = texts;
        return this.#messageView(unavailableTitle, unavailableMessage, retry, signal, state);
      }
      case 'offline':
        return this.#messageView(texts.offlineTitle, texts.offlineMessage, texts.retry, signal);
      case 'captcha-failed':
        return this.#messageView(texts.failedTitle, texts.captchaFailed, texts.retry, signal);
      case 'captcha-unavailable':
        return this.#messageView(texts.failedTitle, texts.captchaUnavailable, texts.retry, signal);
      case 'failed': {
        const reference = fill(texts.reference, { number: state.requestId ?? '' }).join('');
        const message = state.requestId ? `${texts.failedMessage} ${reference}` : texts.failedMessage;
        return this.#messageView(texts.failedTitle, message, texts.retry, signal);
      }
    }
  }

  #formView({ kind }: FormState, focus: HTMLElement, announcement: string): View {
    const { texts } = this;
    const isSending = kind === 'sending';
    const isInvalid = kind === 'invalid-address';
    // not while a request for what stands there is on its way
    if (kind === 'idle' || isInvalid) this.#fillIn(this.getAttribute('email') ?? '');
    this.#label.textContent = texts.addressLabel;
    this.#input.readOnly = isSending || kind === 'captcha';
    this.#input.setAttribute('aria-invalid', `${isInvalid}`);
    this.#error.textContent = isInvalid ? texts.invalidAddress : '';
    this.#error.hidden = !isInvalid;
    this.#captchaMessage.textContent = texts.captcha;
    this.#captcha.hidden = kind !== 'captcha';
    this.#submit.textContent = isSending ? texts.sending : texts.submit;
    // not `disabled`, which would take the focus away
    this.#submit.setAttribute('aria-disabled', `${isSending}`);
    this.#submit.hidden = kind === 'captcha';
    this.#cancelButton.textContent = texts.otherAddress;
    this.#cancelButton.hidden = kind !== 'captcha';
    this.#progress.setAttribute('aria-label', texts.sending);
    this.#progress.hidden = !isSending;
    const content = [
      this.heading(texts.title),
      create('p', { part: 'message' }, texts.introduction),
      this.#form,
    ];
    return { content, focus, announcement };
  }

  /** Puts an address in, unless the person has put in another. */
  #fillIn(address: string): void {
    if (this.#input.value === this.#lastProvidedEmail) this.#input.value = address;
    this.#lastProvidedEmail = address;
  }

  /** What is told when nothing is being typed, with one thing to do next, after a pause if there is one. */
  #messageView(title: string, message: string, action: string, signal: AbortSignal, pause?: Pause): View {
    const { texts } = this;
    const heading = this.heading(title);
    const again = create('button', { type: 'button', part: 'button' }, action);
    const other = create(
      'button',
      { type: 'button', class: 'secondary', part: 'button' },
      texts.otherAddress,
    );
    const countdown = create('p', { id: 'countdown', part: 'countdown' });
    again.addEventListener('click', () => {
      if (again.ariaDisabled !== 'true') this.#submitAddress();
    });
    other.addEventListener('click', () => {
      if (other.ariaDisabled !== 'true') this.show({ kind: 'idle' });
    });
    if (pause) {
      // another mailbox need not wait, but what is said of the network or of the service is said of every address
      const waiting = this.state.kind === 'sent' ? [again] : [again, other];
      for (const button of waiting) button.setAttribute('aria-describedby', 'countdown');
      countDown(pause, (seconds) => this.#updateCountdown(seconds, waiting, countdown), signal);
    }
    const address = this.#input.value;
    const shown = create('p', { part: 'message' }, ...fill(message, { address: create('bdi', {}, address) }));
    const content = [
      heading,
      shown,
      ...(pause ? [countdown] : []),
      create('div', { class: 'actions' }, again, other),
    ];
    return { content, focus: heading, announcement: `${title}. ${shown.textContent}` };
  }

  #updateCountdown(secondsLeft: number, waiting: readonly HTMLButtonElement[], countdown: HTMLElement): void {
    const { texts } = this;
    const wasWaiting = waiting.some(({ ariaDisabled }) => ariaDisabled === 'true');
    const time = formatDuration(secondsLeft, this.language);
    for (const button of waiting) button.ariaDisabled = `${secondsLeft > 0}`;
    countdown.textContent = secondsLeft > 0 ? fill(texts.countdown, { time }).join('') : texts.countdownOver;
    if (wasWaiting && secondsLeft === 0) this.announce(texts.countdownOver);
  }

  async #submitAddress(): Promise<void> {
    if (this.state.kind === 'sending' || this.state.kind === 'captcha') return;
    // the browser's own judgement, which is the endpoint's grammar too
    if (!this.#input.validity.valid) return this.show({ kind: 'invalid-address' });
    // the endpoint would take it and, for the mailbox's sake, do nothing
    const { address, until = 0 } = this.#accepted ?? {};
    if (address === this.#input.value && until > Date.now()) return this.show({ kind: 'sent', until });
    this.#attempt = new AbortController();
    await this.#send(this.#attempt.signal);
  }

  async #send(signal: AbortSignal): Promise<void> {
    const endpoint = this.getAttribute('endpoint');
    const email = this.#input.value;
    if (!endpoint) {
      reportError(new Error('<recover-user-form> has no endpoint: set it to the EndpointUrl of the stack.'));
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

  /** The token; `undefined` where the check cannot be shown, or was called off. */
  async #getCaptchaToken(signal: AbortSignal): Promise<string | undefined> {
    const provider = this.getAttribute('captcha') ?? '';
    const scriptUrl = this.getAttribute('captcha-script') ?? undefined;
    const siteKey = this.getAttribute('site-key') ?? '';
    const { language } = this;
    const container = create('div', { slot: 'captcha' });
    this.append(container);
    this.show({ kind: provider === 'recaptcha-v3' ? 'sending' : 'captcha' });
    try {
      if (!isCaptchaProvider(provider)) {
        throw new Error(`<recover-user-form> knows no CAPTCHA ${JSON.stringify(provider)}.`);
      }
      return await getCaptchaToken({ provider, siteKey, scriptUrl, language }, container, signal);
    } catch (error) {
      if (!signal.aborted) reportError(error);
      return undefined;
    } finally {
      // a token is good for one request, and so is what showed it
      container.remove();
    }
  }

  #end(result: RecoveryResult, address: string): void {
    if (result.kind === 'accepted') {
      this.#accepted = { address, ...pauseFor(this.#resendAfterSeconds) };
      this.show({ kind: 'sent', until: this.#accepted.until });
      this.dispatchEvent(new CustomEvent('recovery-requested', { bubbles: true, composed: true }));
      return;
    }
    if (result.kind === 'captcha-failed' && !this.hasAttribute('captcha')) {
      reportError(new Error('The endpoint asks for a CAPTCHA: <recover-user-form> needs captcha.'));
    }
    const { kind: reason, ...details } = result;
    this.#fail(stateAfter(result), { reason, ...details });
  }

  #fail(state: FormState, detail: RecoveryFailure): void {
    this.show(state);
    this.dispatchEvent(new CustomEvent('recovery-failed', { detail, bubbles: true, composed: true }));
  }

  get #resendAfterSeconds(): number {
    const asked = Number.parseInt(this.getAttribute('resend-after') ?? '', 10);
    return Number.isNaN(asked) ? DEFAULT_RESEND_AFTER_SECONDS : Math.max(0, asked);
  }
}

function stateAfter(failure: Exclude<RecoveryResult, { readonly kind: 'accepted' }>): FormState {
  return failure.kind === 'too-many-requests' || failure.kind === 'unavailable'
    ? { kind: failure.kind, ...pauseFor(failure.retryAfterSeconds) }
    : failure;
}
