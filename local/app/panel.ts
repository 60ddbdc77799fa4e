import { create } from '../../web/element/create.ts';
import { pageStyle, panelStyle } from './panel-style.ts';
import { type FeedState, followFeed } from './simulation-feed.ts';
import { createStepItem, type StepItem } from './step-item.ts';

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

const NO_ANSWER = 'The simulation does not answer.';

/** Shows what the simulation does while a person uses the app, and has its controls. */
class SimulationPanel extends HTMLElement {
  readonly #accounts = create('p');
  readonly #steps = create('ol');
  readonly #status = create('p', { role: 'status' });
  readonly #choices = CHOICES.map(({ label, fault }) => ({
    kind: fault?.kind,
    button: this.#button(label, () => this.#switchFault(label, fault)),
  }));
  #items: readonly StepItem[] = [];

  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [panelStyle()];
    root.append(create('aside', { 'aria-label': 'Simulation' }, this.#content()));
    followFeed({
      onState: (state) => this.#show(state),
      onLost: () => this.#say(NO_ANSWER),
    });
  }

  #content(): HTMLElement {
    const choices = create('div', { class: 'choices', role: 'group', 'aria-labelledby': 'faults' });
    choices.append(...this.#choices.map(({ button }) => button));
    const expire = this.#button('Let the links sent so far expire', () =>
      this.#control('DELETE', '/simulation/links', 'The links sent so far have expired.'),
    );
    const startOver = this.#button('Start over', () =>
      this.#control('DELETE', '/simulation/steps', 'The steps start over.'),
    );
    return create(
      'details',
      { open: '' },
      create('summary', {}, create('h2', {}, 'Simulation')),
      create(
        'nav',
        { 'aria-label': 'Simulated pages' },
        create('a', { href: '/' }, 'Recovery'),
        create('a', { href: '/mailbox' }, 'Mailbox'),
        create('a', { href: '/sign-in' }, 'Sign-in'),
      ),
      create('h3', {}, 'Accounts'),
      this.#accounts,
      create('h3', {}, 'Steps of the recovery'),
      this.#steps,
      startOver,
      create('h3', { id: 'faults' }, 'What goes wrong at Beyond Identity'),
      choices,
      create('h3', {}, 'Recovery links'),
      expire,
      this.#status,
      create('h3', {}, 'No fingerprint reader, PIN or security key?'),
      create(
        'p',
        {},
        'In Chrome, open DevTools, More tools, WebAuthn. Enable the virtual authenticator environment, and add an authenticator: ctap2, internal, with resident keys and user verification.',
      ),
    );
  }

  #show({ steps, fault, mails, accounts }: FeedState): void {
    if (this.#status.textContent === NO_ANSWER) this.#say('');
    if (this.#items.length === 0) {
      this.#accounts.textContent = describeAccounts(accounts);
      this.#items = steps.map(createStepItem);
      this.#steps.replaceChildren(...this.#items.map(({ element }) => element));
    }
    for (const [index, step] of steps.entries()) this.#items[index]?.update(step);
    for (const { kind, button } of this.#choices) button.ariaPressed = String(kind === fault?.kind);

    const { mails: shown } = document.body.dataset;
    if (shown !== undefined && shown !== String(mails)) location.reload();
  }

  #switchFault(label: string, fault: object | undefined): Promise<void> {
    const done = `What goes wrong: ${label}.`;
    return fault
      ? this.#control('PUT', '/simulation/fault', done, fault)
      : this.#control('DELETE', '/simulation/fault', done);
  }

  async #control(method: string, path: string, done: string, body?: object): Promise<void> {
    const init = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const isDone = await fetch(path, { method, ...init }).then(
      ({ ok }) => ok,
      () => false,
    );
    this.#say(isDone ? done : NO_ANSWER);
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
    accounts.filter(({ status }) => status === wanted).map(({ email }) => email);
  return `There are ${addresses('active').join(' and ')}; ${addresses('suspended').join(' and ')} is suspended. Nobody else has one, and nobody else is mailed.`;
}

customElements.define('simulation-panel', SimulationPanel);
document.adoptedStyleSheets.push(pageStyle());
document.body.append(document.createElement('simulation-panel'));
