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

/** What the user should know about the device's credential, by platform. */
const CREDENTIALS = {
  v0: { title: 'No fingerprint reader, PIN or security key?', text: VIRTUAL_AUTHENTICATOR_HINT },
  v1: {
    title: "The vendor's own web SDK",
    text: "Beyond Identity's web SDK sets up the passkey and signs in with it. A service worker hands its calls to the simulated tenant: nothing leaves this machine. The request for the sign-in and the app's server are simulated.",
  },
} as const;

/** The failures of the tenant that a user can simulate; without a fault, the choice heals it. */
const CHOICES: readonly {
  readonly label: string;
  readonly fault?: { readonly kind: string; readonly delayMs?: number; readonly times?: number };
}[] = [
  { label: 'None' },
  { label: 'Returns 500', fault: { kind: '500' } },
  { label: 'Returns 429', fault: { kind: '429' } },
  { label: 'Responds after 3 seconds', fault: { kind: 'slow', delayMs: 3000 } },
  { label: 'Never responds', fault: { kind: 'hang' } },
  { label: 'Resets the connection', fault: { kind: 'reset' } },
  { label: 'Returns an HTML page', fault: { kind: 'not-json' } },
  { label: 'Drops the next response', fault: { kind: 'lost-response', times: 1 } },
];

/** The summary of the controls while no failure is active. */
const NO_FAILURE = 'Simulate a failure';

const NOT_RESPONDING = 'The simulation does not respond.';
const UPDATES_STOPPED = 'Live updates stopped. Reload the page.';

/** Shows what the simulation does while someone uses the app, and controls it. */
class SimulationPanel extends HTMLElement {
  readonly #accounts = create('p');
  readonly #credentialTitle = create('h3', {}, 'Credential');
  readonly #credentialText = create('p');
  readonly #steps = create('ol');
  readonly #failure = create('summary', {}, NO_FAILURE);
  readonly #status = create('p', { role: 'status' });
  readonly #choices = CHOICES.map(({ label, fault }) => ({
    kind: fault?.kind,
    button: this.#button(label, () => this.#switchFault(label, fault)),
  }));
  #items: readonly StepItem[] = [];

  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [panelStyle()];
    // independent of the page's own language
    const language = { lang: 'en', dir: 'ltr' };
    root.append(create('aside', { ...language, 'aria-label': 'Simulation' }, this.#content()));
    followFeed({
      onState: (state) => this.#show(state),
      onLost: () => this.#announce(NOT_RESPONDING),
      onEnded: () => this.#announce(UPDATES_STOPPED),
    });
  }

  #content(): HTMLElement {
    const choices = create('div', { class: 'choices', role: 'group', 'aria-labelledby': 'faults' });
    choices.append(...this.#choices.map(({ button }) => button));
    const expire = this.#button('Expire the links sent so far', () =>
      this.#control('DELETE', LINKS_PATH, 'The links sent so far have expired.'),
    );
    const startOver = this.#button('Start over', async () => {
      if (await this.#control('DELETE', FEED_PATH, 'The steps were reset.')) {
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
      // above the growing list of steps, so that no button moves away from under the pointer
      create(
        'details',
        {},
        this.#failure,
        create('h3', { id: 'faults' }, 'Failure of Beyond Identity'),
        choices,
        create('h3', {}, 'Recovery links'),
        expire,
      ),
      create('h3', {}, 'Accounts'),
      this.#accounts,
      create('h3', {}, 'Steps of the recovery'),
      this.#steps,
      startOver,
      this.#credentialTitle,
      this.#credentialText,
    );
  }

  #show({ platform, steps, fault, mails, accounts }: FeedState): void {
    const { textContent: announced } = this.#status;
    if (announced === NOT_RESPONDING || announced === UPDATES_STOPPED) this.#announce('');
    if (this.#items.length === 0) {
      this.#accounts.textContent = describeAccounts(accounts);
      this.#credentialTitle.textContent = CREDENTIALS[platform].title;
      this.#credentialText.textContent = CREDENTIALS[platform].text;
      this.#items = steps.map(createStepItem);
      this.#steps.replaceChildren(...this.#items.map(({ element }) => element));
    }
    for (const [index, step] of steps.entries()) this.#items[index]?.update(step);
    for (const { kind, button } of this.#choices) button.ariaPressed = String(kind === fault?.kind);
    const chosen = CHOICES.find((choice) => fault !== null && choice.fault?.kind === fault.kind);
    this.#failure.textContent = chosen ? `Active failure: ${chosen.label}` : NO_FAILURE;

    const { mails: shown } = document.body.dataset;
    if (shown !== undefined && shown !== String(mails)) location.reload();
  }

  #switchFault(label: string, fault: object | undefined): Promise<boolean> {
    const done = `Simulated failure: ${label}.`;
    return fault ? this.#control('PUT', FAULT_PATH, done, fault) : this.#control('DELETE', FAULT_PATH, done);
  }

  /** Announces the result; resolves with whether the request succeeded. */
  async #control(method: string, path: string, done: string, body?: object): Promise<boolean> {
    const init = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const isDone = await fetch(path, { method, ...init }).then(
      ({ ok }) => ok,
      () => false,
    );
    this.#announce(isDone ? done : NOT_RESPONDING);
    return isDone;
  }

  #announce(text: string): void {
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
  const withoutAddress = addresses('without-address');
  const unreachable = withoutAddress && ` Without an email address: ${withoutAddress}.`;
  return `Active: ${addresses('active')}. Suspended, receives no email: ${addresses('suspended')}.${unreachable} Any other address is unknown and receives no email.`;
}

customElements.define('simulation-panel', SimulationPanel);
document.adoptedStyleSheets.push(pageStyle());
document.body.append(document.createElement('simulation-panel'));
