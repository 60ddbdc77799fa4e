import {
  hasPlatformAuthenticator,
  isSimulatedAuthenticatorOn,
  switchSimulatedAuthenticator,
} from './authenticator.ts';

/** Texts of one length, so that the panel keeps its layout. */
const TEXTS = {
  offered: 'No fingerprint reader, PIN or security key? This browser can simulate an authenticator.',
  advised:
    'This device reports no fingerprint reader, face recognition or PIN. Go on with a simulated authenticator.',
  on: 'The authenticator is simulated: a key in this browser signs, and nothing verifies that it is you.',
} as const;

const USE = 'Use a simulated authenticator';
const STOP_USING = "Use this device's own authenticator";

/**
 * Starts the panel's section about the authenticator: its button switches this browser to the simulated authenticator and
 * back. The section stands out where the device has no authenticator of its own. `announce` receives what a click has done.
 */
export async function startAuthenticatorSection(
  section: HTMLElement,
  announce: (text: string) => void,
): Promise<void> {
  const text = section.querySelector('p');
  const button = section.querySelector('button');
  if (text === null || button === null) throw new Error('The section of the authenticator is incomplete.');
  let isAdvised = false;

  function show(): void {
    const isOn = isSimulatedAuthenticatorOn();
    const shown = isOn ? 'on' : isAdvised ? 'advised' : 'offered';
    section.classList.toggle('advised', shown === 'advised');
    if (text !== null) text.textContent = TEXTS[shown];
    if (button !== null) button.textContent = isOn ? STOP_USING : USE;
  }

  button.addEventListener('click', () => {
    switchSimulatedAuthenticator(!isSimulatedAuthenticatorOn());
    show();
    announce(
      isSimulatedAuthenticatorOn() ? 'The authenticator is simulated.' : "The device's own authenticator.",
    );
  });
  // another tab has switched it
  addEventListener('storage', show);
  button.disabled = false;
  show();
  isAdvised = !(await hasPlatformAuthenticator());
  show();
}
