import { create } from '../element/create.ts';
import { headed, type IconName } from '../element/icon.ts';
import { footer, type Link, linkButton, linkedPage, supportUrl } from '../element/links.ts';
import { localizationAttributes, StatefulElement, type View } from '../element/stateful-element.ts';
import { completion as english } from '../languages/en.ts';
import type { CompletionTexts } from '../languages/texts.ts';
import { destinationOf, leaveFor } from './destination.ts';
import type { RecoveryProblem, RegisterCredential } from './recovery-link.ts';
import { Registration, type RegistrationOutcome } from './registration.ts';

/** The state of the element. CSS selects its `kind` with `:state(...)`. */
export interface CompletionState {
  readonly kind: 'asking' | 'registering' | 'done' | RecoveryProblem | 'cancelled' | 'failed';
}

/** What a view shows below its heading. */
interface Content {
  readonly icon?: IconName;
  readonly title: string;
  readonly message: string;
  readonly actions: readonly (HTMLElement | undefined)[];
  readonly links?: readonly Link[];
}

/**
 * `<complete-recovery authentication-urls="/sign-in">`: the element for the page that a recovery link opens. When the user
 * confirms, it passes the link to the host's {@link RegisterCredential} and then redirects to sign-in. Opening the page has no
 * effect, so an email security scanner cannot use up the link.
 *
 * Attributes:
 * - `authentication-urls` (required): the allowed URLs, separated by spaces; the link can select one with its parameter
 *   `continue`, and the tenant with `redirectUrl`
 * - `recovery-url`: the page on which the user can request a new link
 * - `sign-in-url`: the page to go back to; `support-url`: a page, a `mailto:` or a `tel:` URL
 * - `link-parameter`: a link without this query parameter is malformed
 * - `heading-level` (1 to 6), `lang`, and `text-...` for each of the texts
 *
 * Slot: `logo`. Other content is shown until the element is defined: the place for what to do without JavaScript.
 *
 * Events, which bubble and cross shadow boundaries: `recovery-completed`, when the credential is registered;
 * `recovery-state-changed`.
 */
export class CompleteRecovery extends StatefulElement<CompletionTexts, CompletionState> {
  static readonly observedAttributes = [
    ...['authentication-urls', 'recovery-url', 'sign-in-url', 'support-url'],
    ...localizationAttributes(english),
  ];

  readonly #progress = create('div', { class: 'progress', part: 'progress', role: 'progressbar' });
  readonly #registration = new Registration();
  #registerCredential: RegisterCredential | undefined;
  #link = new URL('about:blank');
  /** Whether the page has another link than when the element was inserted before. */
  #hasNewLink = false;
  /** The tenant's choice of a destination. */
  #redirectUrl: string | undefined;
  /** The user's latest confirmation: only its outcome is shown. */
  #attempt = new AbortController();

  constructor() {
    super(english, ({ completion }) => completion, { kind: 'asking' });
    this.upgradeProperty('registerCredential');
  }

  /** The host's callback. Without it, the element shows an error when the user confirms. */
  // an accessor on the prototype: React and Vue set a property only where `name in element`
  get registerCredential(): RegisterCredential | undefined {
    return this.#registerCredential;
  }

  set registerCredential(value: RegisterCredential | undefined) {
    this.#registerCredential = value;
  }

  override connectedCallback(): void {
    const link = new URL(location.href);
    this.#hasNewLink = link.href !== this.#link.href;
    this.#link = link;
    super.connectedCallback();
  }

  protected override restore(state: CompletionState): CompletionState {
    const isOpen = state.kind === 'asking' || state.kind === 'registering' || this.#hasNewLink;
    if (this.#registration.isPending || state.kind === 'done' || !isOpen) return state;
    const parameter = this.getAttribute('link-parameter');
    const isMalformed = parameter !== null && !this.#link.searchParams.get(parameter);
    return { kind: isMalformed ? 'malformed' : 'asking' };
  }

  protected override view({ kind }: CompletionState): View {
    const { texts } = this;
    const signIn = { text: texts.signIn, url: this.#destination };
    const newLink = { text: texts.newLink, url: linkedPage(this, 'recovery-url') };
    const support = { text: texts.contactSupport, url: supportUrl(this) };
    const retry = () => this.#button(texts.retry, () => this.#register());
    switch (kind) {
      case 'asking':
        return this.#view({
          title: texts.title,
          message: texts.introduction,
          actions: [this.#button(texts.confirm, () => this.#register())],
        });
      case 'registering':
        this.#progress.setAttribute('aria-label', texts.registering);
        return this.#view({
          title: texts.registering,
          message: texts.registeringMessage,
          actions: [this.#progress, this.#button(texts.cancel, () => this.#cancel(), 'secondary')],
          links: [],
        });
      case 'done':
        return this.#view({
          icon: 'done',
          title: texts.doneTitle,
          message: texts.doneMessage,
          actions: [linkButton(signIn)],
          links: [],
        });
      case 'expired':
      case 'malformed':
        return this.#problem(texts[`${kind}Title`], texts[`${kind}Message`], linkButton(newLink));
      case 'used': {
        // a new link would not lock out somebody else who has used this one: the way leads to support
        const goOn = linkButton({ ...signIn, text: texts.usedSignIn }, 'button secondary');
        return this.#view({
          icon: 'problem',
          title: texts.usedTitle,
          message: texts.usedMessage,
          actions: [linkButton(support), goOn],
          links: [this.#back],
        });
      }
      case 'invalid':
        return this.#view({
          icon: 'problem',
          title: texts.invalidTitle,
          message: texts.invalidMessage,
          actions: [linkButton(newLink), linkButton(support, 'button secondary')],
          links: [this.#back],
        });
      case 'no-authenticator':
        return this.#problem(texts.noAuthenticatorTitle, texts.noAuthenticatorMessage, retry());
      case 'cancelled':
        return this.#view({
          title: texts.cancelledTitle,
          message: texts.cancelledMessage,
          actions: [retry()],
        });
      case 'offline':
        return this.#problem(texts.offlineTitle, texts.offlineMessage, retry());
      case 'failed': {
        const anew = linkButton(newLink, 'button secondary');
        return this.#problem(texts.failedTitle, texts.failedMessage, retry(), anew);
      }
    }
  }

  #problem(title: string, message: string, ...actions: readonly (HTMLElement | undefined)[]): View {
    return this.#view({ icon: 'problem', title, message, actions });
  }

  #view({ icon: iconName, title, message, actions, links }: Content): View {
    const { texts } = this;
    const heading = this.heading(title);
    const shown = actions.filter((action) => action !== undefined);
    const help = { text: iconName === undefined ? texts.notYou : texts.support, url: supportUrl(this) };
    const below = footer(...(links ?? [this.#back, help]));
    const content = [
      iconName ? headed(iconName, heading) : heading,
      create('p', { part: 'message' }, message),
      create('div', { class: 'actions' }, ...shown),
      ...(below ? [below] : []),
    ];
    return { title, content, focus: heading, announcement: `${title}. ${message}` };
  }

  #button(text: string, onClick: () => void, className = ''): HTMLElement {
    const button = create('button', { type: 'button', class: className, part: 'button' }, text);
    button.addEventListener('click', onClick);
    return button;
  }

  get #back(): Link {
    return { text: this.texts.backToSignIn, url: linkedPage(this, 'sign-in-url') };
  }

  get #destination(): URL | undefined {
    const allowed = (this.getAttribute('authentication-urls') ?? '').split(/\s+/).filter(Boolean);
    return destinationOf(this.#link, allowed, document.baseURI, this.#redirectUrl);
  }

  #cancel(): void {
    this.#attempt.abort();
    this.show({ kind: 'cancelled' });
  }

  async #register(): Promise<void> {
    const { registerCredential } = this;
    if (registerCredential === undefined) {
      return this.#reportMistake('registerCredential is not set; assign a function to this property');
    }
    if (this.#destination === undefined) {
      return this.#reportMistake(
        'authentication-urls has no https URL; set it to where the user signs in, such as /sign-in',
      );
    }
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.show({ kind: 'registering' });
    const outcome = await this.#registration.run(registerCredential, this.#link, attempt.signal);
    if (attempt === this.#attempt) this.#end(outcome);
  }

  #reportMistake(mistake: string): void {
    reportError(new Error(`<complete-recovery>: ${mistake}.`));
    this.show({ kind: 'failed' });
  }

  #end(outcome: RegistrationOutcome): void {
    // after a cancellation, only a success is news
    if (this.state.kind === 'cancelled' && outcome.kind !== 'done') return;
    if (outcome.kind === 'done') this.#redirectUrl = outcome.redirectUrl;
    this.show({ kind: outcome.kind });
    // a page that has removed the element handles the navigation itself
    if (outcome.kind !== 'done' || !this.isConnected) return;
    this.dispatchEvent(new CustomEvent('recovery-completed', { bubbles: true, composed: true }));
    const destination = this.#destination;
    if (destination) leaveFor(destination);
  }
}
