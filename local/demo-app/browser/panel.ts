import { create } from '../../../web/element/create.ts';
import {
  FAULT_PATH,
  FEED_PATH,
  LINKS_PATH,
  MAILBOX_PATH,
  RECOVERY_PAGE_PATH,
  SIGN_IN_PAGE_PATH,
} from '../../paths.ts';
import { pageStyle, panelStyle } from './panel-style.ts';
import { type FeedState, followFeed } from './simulation-feed.ts';
import { createStepItem, type StepItem } from './step-item.ts';
import { VIRTUAL_AUTHENTICATOR_HINT } from './virtual-authenticator.ts';

/** What a person can have go wrong at the tenant; without a fault, it is healed. */
const CHOICES: readonly {
  readonly label: string;
  readonly fault?: { readonly kind: string; readonly delayMs?: number; readonly times?: number };
}[] = [
  { label: 'Nothing' },
  { label: 'Answers 500', fault: { kind: '500' } },
  { label: 'Answers 429', fault: { kind: '429' } },
  { label: 'Takes 3 seconds', fault: { kind: 'slow', delayMs: 3000 } },
  { label: 'Never answers', fault: { kind: 'hang' } },
  { label: 'Cuts the connection', fault: { kind: 'reset' } },
  { label: 'Answers with a web page', fault: { kind: 'not-json' } },
  { label: 'Loses the next answer', fault: { kind: 'lost-answer', times: 1 } },
];

/** What the controls are under while nothing goes wrong. */
const CALM = 'Let something go wrong';

const NO_ANSWER = 'The simulation does not answer.';
const NO_FEED = 'The steps are not shown any more. Reload the page.';

/** Shows what the simulation does while a person uses the app, and has its controls. */
class SimulationPanel extends HTMLElement {
  readonly #accounts = create('p');
  readonly #steps = create('ol');
  readonly #trouble = create('summary', {}, CALM);
  readonly #status = create('p', { role: 'status' });
  readonly #choices = CHOICES.map(({ label, fault }) => ({
    kind: fault?.kind,
    button: this.#button(label, () => this.#switchFault(label, fault)),
  }));
  #items: readonly StepItem[] = [];

  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [panelStyle()];
    // whatever the page's own language is
    const language = { lang: 'en', dir: 'ltr' };
    root.append(create('aside', { ...language, 'aria-label': 'Simulation' }, this.#content()));
    followFeed({
      onState: (state) => this.#show(state),
      onLost: () => this.#say(NO_ANSWER),
      onEnded: () => this.#say(NO_FEED),
    });
  }

  #content(): HTMLElement {
    const choices = create('div', { class: 'choices', role: 'group', 'aria-labelledby': 'faults' });
    choices.append(...this.#choices.map(({ button }) => button));
    const expire = this.#button('Let the links sent so far expire', () =>
      this.#control('DELETE', LINKS_PATH, 'The links sent so far have expired.'),
    );
    const startOver = this.#button('Start over', async () => {
      if (await this.#control('DELETE', FEED_PATH, 'The steps start over.')) {
        location.assign(RECOVERY_PAGE_PATH);
      }
    });
    return create(
      'details',
      { open: '' },
      create('summary', {}, create('h2', {}, 'Simulation')),
      create(
        'nav',
        { 'aria-label': 'Simulated pages' },
        create('a', { href: RECOVERY_PAGE_PATH }, 'Recovery'),
        create('a', { href: MAILBOX_PATH }, 'Mailbox'),
        create('a', { href: SIGN_IN_PAGE_PATH }, 'Sign-in'),
      ),
      this.#status,
      // above what grows, or a button would move away from under the pointer
      create(
        'details',
        {},
        this.#trouble,
        create('h3', { id: 'faults' }, 'What goes wrong at Beyond Identity'),
        choices,
        create('h3', {}, 'Recovery links'),
        expire,
      ),
      create('h3', {}, 'Accounts'),
      this.#accounts,
      create('h3', {}, 'Steps of the recovery'),
      this.#steps,
      startOver,
      create('h3', {}, 'No fingerprint reader, PIN or security key?'),
      create('p', {}, VIRTUAL_AUTHENTICATOR_HINT),
    );
  }

  #show({ steps, fault, mails, accounts }: FeedState): void {
    const { textContent: said } = this.#status;
    if (said === NO_ANSWER || said === NO_FEED) this.#say('');
    if (this.#items.length === 0) {
      this.#accounts.textContent = describeAccounts(accounts);
      this.#items = steps.map(createStepItem);
      this.#steps.replaceChildren(...this.#items.map(({ element }) => element));
    }
    for (const [index, step] of steps.entries()) this.#items[index]?.update(step);
    for (const { kind, button } of this.#choices) button.ariaPressed = String(kind === fault?.kind);
    const chosen = CHOICES.find((choice) => fault !== null && choice.fault?.kind === fault.kind);
    this.#trouble.textContent = chosen ? `Going wrong: ${chosen.label}` : CALM;

    const { mails: shown } = document.body.dataset;
    if (shown !== undefined && shown !== String(mails)) location.reload();
  }

  #switchFault(label: string, fault: object | undefined): Promise<boolean> {
    const done = `What goes wrong: ${label}.`;
    return fault ? this.#control('PUT', FAULT_PATH, done, fault) : this.#control('DELETE', FAULT_PATH, done);
  }

  /** Says what came of it; resolves with whether it was done. */
  async #control(method: string, path: string, done: string, body?: object): Promise<boolean> {
    const init = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const isDone = await fetch(path, { method, ...init }).then(
      ({ ok }) => ok,
      () => false,
    );
    this.#say(isDone ? done : NO_ANSWER);
    return isDone;
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  #button(label: string, onClick: () => void): HTMLButtonElement {
    const button = create('button', { type: 'button' }, label);
    button.addEventListener('click', onClick);
    return button;
  }
}

function describeAccounts(accounts: FeedState['accounts']): string {
  const addresses = (wanted: string) =>
    accounts
      .filter(({ status }) => status === wanted)
      .map(({ email }) => email)
      .join(', ');
  return `Active: ${addresses('active')}. Suspended, and not mailed: ${addresses('suspended')}. Everybody else is unknown, and not mailed either.`;
}

customElements.define('simulation-panel', SimulationPanel);
document.adoptedStyleSheets.push(pageStyle());
document.body.append(document.createElement('simulation-panel'));
