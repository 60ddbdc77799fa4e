import { create } from '../element/create.ts';
import { localizationAttributes, StatefulElement, type View } from '../element/stateful-element.ts';
import { webUrl } from '../web-url.ts';
import { destinationOf } from './destination.ts';
import { type LinkProblem, outcomeOfFailure, type RegisterCredential } from './recovery-link.ts';
import { COMPLETION_TEXTS, type CompletionTexts } from './texts.ts';

/** The state of the element. Its attribute `state` holds the `kind`. */
export interface CompletionState {
  readonly kind: 'asking' | 'registering' | 'done' | LinkProblem | 'cancelled' | 'failed';
}

/**
 * `<complete-recovery authentication-urls="/sign-in">`: the element for the tenant's registration redirect URI, which a recovery
 * link opens. When the user confirms, it passes the link to the host's {@link RegisterCredential} and then redirects to sign-in.
 * Opening the page has no effect, so an email security scanner cannot use up the link.
 *
 * Attributes:
 * - `authentication-urls` (required): the allowed URLs, separated by spaces; the link can select one with its parameter
 *   `continue`
 * - `recovery-url`: the page on which the user can request a new link
 * - `link-parameter`: a link without this query parameter is malformed
 * - `heading-level` (1 to 6), `lang`, and `text-...` for each of the texts
 *
 * Event, which bubbles and crosses shadow boundaries: `recovery-completed`, when the credential is registered.
 */
export class CompleteRecovery extends StatefulElement<CompletionTexts, CompletionState> {
  static readonly observedAttributes = localizationAttributes(COMPLETION_TEXTS.en);

  /** The host's callback. Without it, the element shows an error when the user confirms. */
  // `declare` keeps the value that a page has set before the element was defined
  declare registerCredential: RegisterCredential | undefined;

  readonly #progress = create('div', { class: 'progress', part: 'progress', role: 'progressbar' });
  #link = new URL('about:blank');
  #isPending = false;

  constructor() {
    super(COMPLETION_TEXTS, { kind: 'asking' });
  }

  override connectedCallback(): void {
    this.#link = new URL(location.href);
    super.connectedCallback();
  }

  protected override restore(state: CompletionState): CompletionState {
    if (this.#isPending || (state.kind !== 'asking' && state.kind !== 'registering')) return state;
    const parameter = this.getAttribute('link-parameter');
    const isMalformed = parameter !== null && !this.#link.searchParams.get(parameter);
    return { kind: isMalformed ? 'malformed' : 'asking' };
  }

  protected override view({ kind }: CompletionState): View {
    const { texts } = this;
    switch (kind) {
      case 'asking':
        return this.#view(texts.title, texts.introduction, this.#confirmation(texts.confirm));
      case 'registering':
        this.#progress.setAttribute('aria-label', texts.registering);
        return this.#view(texts.registering, texts.registeringMessage, this.#progress);
      case 'done':
        return this.#view(texts.doneTitle, texts.doneMessage, this.#linkTo(this.#destination, texts.signIn));
      case 'expired':
        return this.#view(texts.expiredTitle, texts.expiredMessage, this.#newLink());
      case 'used': {
        const signIn = this.#linkTo(this.#destination, texts.signIn);
        return this.#view(texts.usedTitle, texts.usedMessage, signIn, this.#newLink());
      }
      case 'malformed':
        return this.#view(texts.malformedTitle, texts.malformedMessage, this.#newLink());
      case 'cancelled':
        return this.#view(texts.cancelledTitle, texts.cancelledMessage, this.#confirmation(texts.retry));
      case 'failed':
        return this.#view(texts.failedTitle, texts.failedMessage, this.#confirmation(texts.retry));
    }
  }

  #view(title: string, message: string, ...actions: (HTMLElement | undefined)[]): View {
    const heading = this.heading(title);
    const shown = actions.filter((action) => action !== undefined);
    const content = [
      heading,
      create('p', { part: 'message' }, message),
      create('div', { class: shown.includes(this.#progress) ? '' : 'actions' }, ...shown),
    ];
    return { content, focus: heading, announcement: `${title}. ${message}` };
  }

  #confirmation(text: string): HTMLElement {
    const button = create('button', { type: 'button', part: 'button' }, text);
    button.addEventListener('click', () => this.#register());
    return button;
  }

  #newLink(): HTMLElement | undefined {
    const url = webUrl(this.getAttribute('recovery-url') ?? '', document.baseURI);
    return this.hasAttribute('recovery-url') ? this.#linkTo(url, this.texts.newLink) : undefined;
  }

  #linkTo(url: URL | undefined, text: string): HTMLElement | undefined {
    // the URL of the page contains the secret link
    const attributes = { class: 'button', part: 'button', referrerpolicy: 'no-referrer' };
    return url && create('a', { ...attributes, href: url.href }, text);
  }

  get #destination(): URL | undefined {
    const allowed = (this.getAttribute('authentication-urls') ?? '').split(/\s+/).filter(Boolean);
    return destinationOf(this.#link, allowed, document.baseURI);
  }

  async #register(): Promise<void> {
    if (this.#isPending) return;
    const { registerCredential } = this;
    const destination = this.#destination;
    if (registerCredential === undefined || destination === undefined) {
      const missing = destination ? 'registerCredential' : 'authentication-urls';
      reportError(new Error(`<complete-recovery> has no ${missing}.`));
      return this.show({ kind: 'failed' });
    }
    this.show({ kind: 'registering' });
    this.#isPending = true;
    const outcome = await this.#outcomeOf(registerCredential);
    this.#isPending = false;
    this.show({ kind: outcome });
    // a page that has removed the element handles the navigation itself
    if (outcome !== 'done' || !this.isConnected) return;
    this.dispatchEvent(new CustomEvent('recovery-completed', { bubbles: true, composed: true }));
    // keeps the used link out of the history and the referrer
    const here = new URL(location.href);
    here.search = '';
    here.hash = '';
    history.replaceState(history.state, '', here);
    location.replace(destination);
    // `replace` alone does not load the page if only the fragment differs
    if (destination.hash !== '' && destination.href.startsWith(`${here.href}#`)) location.reload();
  }

  async #outcomeOf(registerCredential: RegisterCredential): Promise<CompletionState['kind']> {
    try {
      await registerCredential(this.#link);
      return 'done';
    } catch (error) {
      const outcome = outcomeOfFailure(error);
      if (outcome === 'failed') reportError(error);
      return outcome;
    }
  }
}
