import { create } from '../../../web/element/create.ts';
import { FAULT_PATH, FEED_PATH, LINKS_PATH, RECOVERY_PAGE_PATH } from '../../paths.ts';
import { FAULT_CHOICES, faultName } from '../fault-names.ts';
import { startAuthenticatorSection } from './authenticator-section.ts';
import { type FeedState, type FeedStep, followFeed } from './simulation-feed.ts';
import { updateStepItem } from './step-item.ts';

/** What the user should know about the device's credential, by platform. */
const CREDENTIALS = {
  v0: {
    title: 'In production',
    text: "A v0 link that a user opens in a web browser leads to Beyond Identity's hosted authenticator. The completion page here stands for a native app's fallback page, or for a binding of your own.",
  },
  v1: {
    title: "The vendor's own web SDK",
    text: "Beyond Identity's web SDK sets up the passkey and signs in with it. A service worker sends its calls to the simulated tenant: nothing leaves this machine. The request for the sign-in and the app's server are simulated.",
  },
} as const;

/** The summary of the controls while no failure is active. */
const NO_FAILURE = 'Simulate a failure';

const NOT_RESPONDING = 'The simulation does not respond.';
const UPDATES_STOPPED = 'Live updates stopped. Reload the page.';

/**
 * Shows what the simulation does while someone uses the app, and controls it. Its content is in the page; this script makes
 * it work.
 */
class SimulationPanel extends HTMLElement {
  readonly #hiddenRun = isFreshRecoveryPage() ? this.dataset['run'] : undefined;
  readonly #status = this.#part('[role="status"]');

  connectedCallback(): void {
    this.#onClick('[data-part="expire"]', () =>
      this.#control('DELETE', LINKS_PATH, 'The links sent so far have expired.'),
    );
    this.#onClick('[data-part="start-over"]', async () => {
      if (await this.#control('DELETE', FEED_PATH, 'The steps were reset.')) {
        location.assign(RECOVERY_PAGE_PATH);
      }
    });
    this.#onClick('[data-fault]', ({ dataset }) => this.#switchFault(dataset['fault']));
    const authenticator = this.querySelector<HTMLElement>('[data-part="authenticator"]');
    if (authenticator) startAuthenticatorSection(authenticator, (text) => this.#announce(text));
    followFeed({
      onState: (state) => this.#show(state),
      onLost: () => this.#announce(NOT_RESPONDING),
      onEnded: () => this.#announce(UPDATES_STOPPED),
    });
  }

  #show({ platform, run, steps, fault, mails }: FeedState): void {
    const { textContent: announced } = this.#status;
    if (announced === NOT_RESPONDING || announced === UPDATES_STOPPED) this.#announce('');
    const { title, text } = CREDENTIALS[platform];
    this.#part('[data-part="credential"]').replaceChildren(create('h3', {}, title), create('p', {}, text));

    const shown = String(run) === this.#hiddenRun ? steps.map(waiting) : steps;
    for (const step of shown) updateStepItem(this.#part(`[data-step="${step.name}"]`), step);
    for (const button of this.querySelectorAll<HTMLElement>('[data-fault]')) {
      button.ariaPressed = String(button.dataset['fault'] === (fault?.kind ?? ''));
    }
    const summary = fault ? `Active failure: ${faultName(fault.kind)}` : NO_FAILURE;
    this.#part('[data-part="failure"]').textContent = summary;
    this.dataset['live'] = String(run);

    const { mails: listed } = document.body.dataset;
    if (listed !== undefined && listed !== String(mails)) location.reload();
  }

  #switchFault(kind: string | undefined): void {
    const fault = FAULT_CHOICES.find((choice) => choice.kind === kind);
    if (fault) this.#control('PUT', FAULT_PATH, `Simulated failure: ${faultName(fault.kind)}.`, fault);
    else this.#control('DELETE', FAULT_PATH, 'No simulated failure.');
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

  #part(selector: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(selector);
    if (part === null) throw new Error(`The panel has no ${selector}.`);
    return part;
  }

  /** Enables buttons, which can do nothing without this script. */
  #onClick(selector: string, onClick: (button: HTMLButtonElement) => void): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>(selector)) {
      button.addEventListener('click', () => onClick(button));
      button.disabled = false;
    }
  }
}

/**
 * Whether someone has come to the recovery page for another recovery, so that the page hides the run so far. After a
 * reload or Back, it goes on showing that run.
 */
function isFreshRecoveryPage(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  const isNavigated = navigation instanceof PerformanceNavigationTiming && navigation.type === 'navigate';
  return isNavigated && location.pathname === RECOVERY_PAGE_PATH;
}

function waiting({ name }: FeedStep): FeedStep {
  return { name, state: 'waiting', occurrences: [] };
}

customElements.define('simulation-panel', SimulationPanel);
