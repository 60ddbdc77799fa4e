import { create } from '../../../web/element/create.ts';
import { styleSheet } from '../../../web/element/styles.ts';
import { RECOVERY_PAGE_PATH } from '../../paths.ts';
import type { Outcome } from './authenticate.ts';
import { takeRecoveryNote } from './just-recovered.ts';
import { signInOnPlatform } from './sign-in-on-platform.ts';

type State = { readonly kind: 'ready' } | { readonly kind: 'working' } | Outcome;

interface Texts {
  readonly title: string;
  readonly text: string;
}

const TEXTS: Readonly<Record<Exclude<State['kind'], 'signed-in'>, Texts>> = {
  ready: {
    title: 'Sign in',
    text: 'Sign in with the device on which you recovered your account. No password needed.',
  },
  working: { title: 'Signing in', text: 'Your browser may ask you to confirm that it is you.' },
  dismissed: {
    title: 'Not signed in',
    text: 'You canceled, it timed out, or this device has no credential for the app. Try again, or recover your account to register one.',
  },
  unknown: {
    title: 'Unknown credential',
    text: 'The simulated tenant loses its data when it stops. Recover your account to register a new credential.',
  },
  unreachable: {
    title: 'Beyond Identity is unavailable',
    text: 'The simulated tenant is unreachable or returned an error. Try again in a moment.',
  },
  unsupported: {
    title: 'This browser cannot sign you in',
    text: 'WebAuthn is not available. Use a current browser.',
  },
  failed: {
    title: 'Not signed in',
    text: 'Your browser or device reported an error. Try again with a fingerprint reader, a PIN or a security key.',
  },
};

/** The panel of the simulation has the button. */
const SIMULATION_HINT =
  'No fingerprint reader, PIN or security key? Choose "Use a simulated authenticator" in the panel, and try again or recover your account.';

/** The app's sign-in page. It signs in without a click when the user comes from the recovery. */
class SignIn extends HTMLElement {
  readonly #content = create('div', { class: 'content' });
  readonly #status = create('div', { class: 'visually-hidden', role: 'status' });

  connectedCallback(): void {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.#content, this.#status);
    if (takeRecoveryNote()) this.#signIn();
    else this.#draw({ kind: 'ready' });
  }

  async #signIn(): Promise<void> {
    this.#show({ kind: 'working' });
    this.#show(await signInOnPlatform());
  }

  #show(state: State): void {
    const heading = this.#draw(state);
    heading.focus();
    this.#status.textContent =
      state.kind === 'signed-in' ? `Signed in: ${state.name}` : TEXTS[state.kind].title;
  }

  #draw(state: State): HTMLElement {
    const { title, text } =
      state.kind === 'signed-in' ? { title: 'Signed in', text: `as ${state.name}` } : TEXTS[state.kind];
    const heading = create('h1', { tabindex: '-1' }, title);
    const hint = 'mayBeSimulated' in state && state.mayBeSimulated ? [create('p', {}, SIMULATION_HINT)] : [];
    this.#content.replaceChildren(heading, create('p', {}, text), ...hint, ...this.#actions(state));
    document.title = title;
    return heading;
  }

  #actions({ kind }: State): readonly Node[] {
    if (kind === 'signed-in') return [];
    if (kind === 'working') return [create('div', { class: 'progress' })];
    const button = create('button', { type: 'button' }, 'Sign in with this device');
    button.addEventListener('click', () => this.#signIn());
    const recovery = create('a', { class: 'button secondary', href: RECOVERY_PAGE_PATH }, 'I lost my device');
    return [create('div', { class: 'actions' }, button, recovery)];
  }
}

// WebAuthn does not accept an IP address as a relying party ID
if (['127.0.0.1', '[::1]'].includes(location.hostname)) location.hostname = 'localhost';
else customElements.define('sign-in', SignIn);
