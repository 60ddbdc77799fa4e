import { create } from '../element/create.ts';
import { localizationAttributes, StatefulElement, type View } from '../element/stateful-element.ts';
import { webUrl } from '../web-url.ts';
import { destinationOf } from './destination.ts';
import { type LinkProblem, outcomeOfFailure, type RegisterCredential } from './recovery-link.ts';
import { COMPLETION_TEXTS, type CompletionTexts } from './texts.ts';

/** How far it is; the attribute `state` has its `kind`. */
export interface CompletionState {
  readonly kind: 'asking' | 'registering' | 'done' | LinkProblem | 'cancelled' | 'failed';
}

/**
 * `<complete-recovery authentication-urls="/sign-in">`: for the page that a recovery link opens, the tenant's registration
 * redirect URI. Once the person has confirmed, it hands the link to the host's {@link RegisterCredential} and sends the person
 * on to sign in. Opening the page does nothing, however often a scanner of mails does it.
 *
 * Attributes: `authentication-urls` (required), the allowed URLs with spaces between, of which the link can choose one by its
 * parameter `continue`; `recovery-url`, where another link can be asked for; `link-parameter`, without which a link is
 * malformed; `heading-level`, `lang` and `text-...` as for `<recover-user-form>`.
 *
 * Event, which bubbles and leaves shadow trees: `recovery-completed`, when the credential is registered.
 */
export class CompleteRecovery extends StatefulElement<CompletionTexts, CompletionState> {
  static readonly observedAttributes = localizationAttributes(COMPLETION_TEXTS.en);

  /** The host's callback; without one, the element says that something is wrong. */
  // declared only: a page may have set it before the element was defined
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
    // the page's own URL is the link
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
    // who took the element away has other plans for the person
    if (outcome !== 'done' || !this.isConnected) return;
    this.dispatchEvent(new CustomEvent('recovery-completed', { bubbles: true, composed: true }));
    // the spent link is not to be come back to, nor told to the next page
    const here = new URL(location.href);
    here.search = '';
    here.hash = '';
    history.replaceState(history.state, '', here);
    location.replace(destination);
    // another fragment of the same page would not load it
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
