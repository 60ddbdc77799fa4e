import { create } from './create.ts';
import {
  directionOf,
  type Language,
  languageAround,
  type Texts,
  textAttribute,
  withOverrides,
} from './language.ts';
import { styleSheet } from './styles.ts';

/** What an element shows in one of its states. */
export interface View {
  readonly content: readonly Node[];
  /** Where the keyboard goes when the state begins. */
  readonly focus: HTMLElement;
  /** What a screen reader says when the state begins. */
  readonly announcement: string;
}

/** Every element's states are told apart by `kind`, which stands in the attribute `state` too. */
export interface State {
  readonly kind: string;
}

/** Servers that render pages import the modules of their elements, too, and have no such class. */
const ElementBase = globalThis.HTMLElement ?? Object;

const HEADING_LEVELS = [1, 2, 3, 4, 5, 6] as const;

/** What an element of these depends on that is not its own: attributes that change what it says. */
export function localizationAttributes(texts: Texts): string[] {
  return ['lang', 'heading-level', ...Object.keys(texts).map(textAttribute)];
}

/**
 * An element that is always in one of a few states. Each change moves the focus and is announced by a live region; a change of the
 * page's language, or of a text, does neither.
 */
export abstract class StatefulElement<Own extends Texts, Current extends State> extends ElementBase {
  readonly #content = create('div', { class: 'content', part: 'content' });
  readonly #status = create('div', { class: 'visually-hidden', role: 'status' });
  readonly #textsByLanguage: Readonly<Record<Language, Own>>;
  #language: Language = 'en';
  #texts: Own;
  #state: Current;
  #connection = new AbortController();
  #drawing = new AbortController();

  constructor(textsByLanguage: Readonly<Record<Language, Own>>, state: Current) {
    super();
    this.#textsByLanguage = textsByLanguage;
    this.#texts = textsByLanguage.en;
    this.#state = state;
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.#content, this.#status);
  }

  /** What the state looks like; called anew whenever the language or a text changes. */
  protected abstract view(state: Current, signal: AbortSignal): View;

  /** The state in which an element is that comes back into the page. */
  protected abstract restore(state: Current): Current;

  connectedCallback(): void {
    this.#connection = new AbortController();
    const observer = new MutationObserver(() => {
      if (languageAround(this) !== this.#language) this.#redraw();
    });
    observer.observe(document, { subtree: true, attributeFilter: ['lang'] });
    this.#connection.signal.addEventListener('abort', () => observer.disconnect());
    this.#state = this.restore(this.#state);
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#connection.abort();
    this.#drawing.abort();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#redraw();
  }

  protected get state(): Current {
    return this.#state;
  }

  protected get texts(): Own {
    return this.#texts;
  }

  protected get language(): Language {
    return this.#language;
  }

  /** Goes over to another state; an element that is not in the page shows it when it comes back. */
  protected show(state: Current): void {
    this.#state = state;
    if (!this.isConnected) return;
    const { focus, announcement } = this.#draw();
    focus.focus();
    this.announce(announcement);
  }

  /** Has a screen reader say something. */
  protected announce(text: string): void {
    this.#status.textContent = text;
  }

  /** A heading that can be given the focus, of the level that the page asks for. */
  protected heading(text: string): HTMLHeadingElement {
    const asked = this.getAttribute('heading-level');
    const level = HEADING_LEVELS.find((one) => `${one}` === asked) ?? 2;
    return create(`h${level}`, { part: 'title', tabindex: '-1' }, text);
  }

  /** The same state in other words: the focus stays where it is, and nothing is said. */
  #redraw(): void {
    const before = this.#focusable();
    const index = before.findIndex((element) => element.matches(':focus'));
    this.#status.textContent = '';
    this.#draw();
    if (index >= 0) this.#focusable()[index]?.focus();
  }

  #focusable(): HTMLElement[] {
    return [...this.#content.querySelectorAll<HTMLElement>('a, button, input, [tabindex]')];
  }

  #draw(): View {
    this.#drawing.abort();
    this.#drawing = new AbortController();
    this.#language = languageAround(this);
    this.#texts = withOverrides(this, this.#textsByLanguage[this.#language]);
    for (const part of [this.#content, this.#status]) {
      part.lang = this.#language;
      part.dir = directionOf(this.#language);
    }
    this.setAttribute('state', this.#state.kind);
    const view = this.view(this.#state, this.#drawing.signal);
    replaceChildren(this.#content, view.content);
    return view;
  }
}

/** What is at its place already stays there, with the focus and what is being typed. */
function replaceChildren(parent: Node, children: readonly Node[]): void {
  for (const [index, child] of children.entries()) {
    const present = parent.childNodes[index];
    if (present === undefined) parent.appendChild(child);
    else if (present !== child) parent.replaceChild(child, present);
  }
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}
