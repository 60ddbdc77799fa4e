import type { LanguageTexts } from '../languages/load.ts';
import { create } from './create.ts';
import { exposeState } from './custom-state.ts';
import {
  directionOf,
  type Language,
  languageAround,
  type Texts,
  textAttribute,
  withOverrides,
} from './language.ts';
import { Localization } from './localization.ts';
import { styleSheet } from './styles.ts';

/** What an element shows in a state. */
export interface View {
  readonly title: string;
  readonly content: readonly Node[];
  /** Receives the focus when the state begins. */
  readonly focus: HTMLElement;
  /** Announced by screen readers when the state begins. */
  readonly announcement: string;
}

/** A state of an element. CSS selects its `kind` with `:state(...)`. */
export interface State {
  readonly kind: string;
}

/** The `detail` of the event `recovery-state-changed`. */
export interface StateChange {
  readonly state: string;
  /** The heading, in the language of the element. */
  readonly title: string;
}

/** `HTMLElement` is missing during server-side rendering, where the modules must still load. */
const ElementBase = globalThis.HTMLElement ?? Object;

const HEADING_LEVELS = [1, 2, 3, 4, 5, 6] as const;

/** Returns the attributes that change the texts of an element or their language. */
export function localizationAttributes(texts: Texts): string[] {
  return ['lang', 'heading-level', ...Object.keys(texts).map(textAttribute)];
}

/**
 * A custom element with a finite set of states. A state change moves the focus and is announced through a live region. A change
 * of the language or of a text does neither. The first view, and any change of the state or of the heading, dispatches
 * `recovery-state-changed` with a {@link StateChange}.
 */
export abstract class StatefulElement<Own extends Texts, Current extends State> extends ElementBase {
  readonly #content = create('div', { class: 'content', part: 'content' });
  readonly #status = create('div', { class: 'visually-hidden', role: 'status' });
  readonly #internals = this.attachInternals();
  readonly #localization: Localization<Own>;
  #state: Current;
  #connection = new AbortController();
  #drawing = new AbortController();
  /** The state in CSS; absent before the first view. */
  #exposed: string | undefined;
  #reported: StateChange | undefined;

  constructor(english: Own, select: (texts: LanguageTexts) => Own, state: Current) {
    super();
    this.#localization = new Localization(english, select);
    this.#state = state;
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    const logo = create('div', { class: 'logo' }, create('slot', { name: 'logo' }));
    root.append(logo, this.#content, this.#status);
  }

  /** Renders a state. Called again when the language or a text changes; `signal` aborts when another view replaces this one. */
  protected abstract view(state: Current, signal: AbortSignal): View;

  /** Returns the state to continue with when the element is inserted into a page, possibly again. */
  protected abstract restore(state: Current): Current;

  connectedCallback(): void {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const observer = new MutationObserver(() => {
      if (!this.#localization.wants(languageAround(this))) this.#localize();
    });
    observer.observe(document, { subtree: true, attributeFilter: ['lang'] });
    signal.addEventListener('abort', () => observer.disconnect());
    this.#state = this.restore(this.#state);
    // in another language, the texts may have to be loaded first
    if (this.#switchLanguage()) this.#report(this.#draw());
  }

  disconnectedCallback(): void {
    this.#connection.abort();
    this.#drawing.abort();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#localize();
  }

  protected get state(): Current {
    return this.#state;
  }

  protected get texts(): Own {
    return withOverrides(this, this.#localization.texts);
  }

  protected get language(): Language {
    return this.#localization.language;
  }

  /** Changes the state. A disconnected element renders it when it is inserted again. */
  protected show(state: Current): void {
    this.#state = state;
    if (!this.isConnected) return;
    // a user who is elsewhere on the page stays there
    const isFree = hasFocus(this) || document.activeElement === document.body;
    const view = this.#draw();
    if (isFree) view.focus.focus();
    this.announce(view.announcement);
    this.#report(view);
  }

  /** Announces a text through the live region. */
  protected announce(text: string): void {
    this.#status.textContent = text;
  }

  /**
   * Passes a value that the page has set before the element was defined to the accessor of the same name, which it hides. To be
   * called by the constructor.
   */
  protected upgradeProperty(name: keyof this & string): void {
    if (!Object.hasOwn(this, name)) return;
    const value: unknown = Reflect.get(this, name);
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, value);
  }

  /** Creates a focusable heading of the level in `heading-level`. */
  protected heading(text: string): HTMLHeadingElement {
    const asked = this.getAttribute('heading-level');
    const level = HEADING_LEVELS.find((one) => `${one}` === asked) ?? 2;
    return create(`h${level}`, { part: 'title', tabindex: '-1' }, text);
  }

  #localize(): void {
    const isReady = this.#switchLanguage();
    // before the first view, there is nothing to keep
    if (isReady || this.#exposed !== undefined) this.#redraw();
  }

  #switchLanguage(): boolean {
    return this.#localization.switchTo(languageAround(this), () => {
      if (this.isConnected) this.#redraw();
    });
  }

  /** Renders the same state again, keeps the focus and announces nothing. */
  #redraw(): void {
    const before = this.#focusable();
    const index = before.findIndex((element) => element.matches(':focus'));
    if (this.language !== this.#status.lang) this.#status.textContent = '';
    const view = this.#draw();
    if (index >= 0) this.#focusable()[index]?.focus();
    this.#report(view);
  }

  #focusable(): HTMLElement[] {
    return [...this.#content.querySelectorAll<HTMLElement>('a, button, input, [tabindex]')];
  }

  #draw(): View {
    this.#drawing.abort();
    this.#drawing = new AbortController();
    for (const part of [this.#content, this.#status]) {
      part.lang = this.language;
      part.dir = directionOf(this.language);
    }
    exposeState(this.#internals, this.#state.kind, this.#exposed);
    this.#exposed = this.#state.kind;
    const view = this.view(this.#state, this.#drawing.signal);
    replaceChildren(this.#content, view.content);
    return view;
  }

  /** Last of all: a listener may change the element. */
  #report({ title }: View): void {
    const detail = { state: this.#state.kind, title };
    if (this.#reported?.state === detail.state && this.#reported.title === title) return;
    this.#reported = detail;
    this.dispatchEvent(new CustomEvent('recovery-state-changed', { detail, bubbles: true, composed: true }));
  }
}

/** Whether the focus is within an element, its content included. */
function hasFocus(element: Element): boolean {
  const root = element.getRootNode();
  const isRoot = root instanceof Document || root instanceof ShadowRoot;
  return isRoot && root.activeElement !== null && element.contains(root.activeElement);
}

/** Leaves children in place that do not move, so that they keep the focus and the typed text. */
function replaceChildren(parent: Node, children: readonly Node[]): void {
  for (const [index, child] of children.entries()) {
    const present = parent.childNodes[index];
    if (present === undefined) parent.appendChild(child);
    else if (present !== child) parent.replaceChild(child, present);
  }
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}
