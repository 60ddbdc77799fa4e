import { countDown, type Pause } from '../element/countdown.ts';
import { create } from '../element/create.ts';

/**
 * Marks buttons as disabled until a pause ends, then calls `onEnd`. Returns the paragraph that counts down; `textFor` returns
 * its text for the seconds left.
 */
export function pauseButtons(
  pause: Pause,
  buttons: readonly HTMLButtonElement[],
  textFor: (secondsLeft: number) => string,
  onEnd: () => void,
  signal: AbortSignal,
): HTMLElement {
  const countdown = create('p', { id: 'countdown', part: 'countdown' });
  for (const button of buttons) button.setAttribute('aria-describedby', 'countdown');
  let wasPaused = false;
  function update(secondsLeft: number): void {
    const isPaused = secondsLeft > 0;
    // `disabled` would remove the focus
    for (const button of buttons) button.ariaDisabled = `${isPaused}`;
    countdown.textContent = textFor(secondsLeft);
    if (wasPaused && !isPaused) onEnd();
    wasPaused = isPaused;
  }
  countDown(pause, update, signal);
  return countdown;
}
