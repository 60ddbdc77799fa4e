import type { Pause } from '../element/countdown.ts';
import { create, fill } from '../element/create.ts';
import { headed, type IconName } from '../element/icon.ts';
import type { View } from '../element/stateful-element.ts';
import { pauseButtons } from './pause-buttons.ts';

/** What the form shows after a request. */
export interface Message {
  readonly icon: IconName;
  readonly heading: HTMLElement;
  /** `{address}` is the place of the address. */
  readonly message: string;
  readonly address: string;
  /** A button, and whether a pause applies to it. */
  readonly buttons: readonly { readonly button: HTMLButtonElement; readonly isPaused: boolean }[];
  readonly pause?: Pause | undefined;
  /** Returns the text of the countdown. */
  readonly countdownText: (secondsLeft: number) => string;
  readonly onPauseEnd: () => void;
}

/** Returns the view of a message. The countdown stops when the signal aborts. */
export function messageView(
  { icon: name, heading, message, address, buttons, pause, countdownText, onPauseEnd }: Message,
  signal: AbortSignal,
): View {
  const title = heading.textContent;
  const paragraph = create(
    'p',
    { part: 'message' },
    ...fill(message, { address: create('bdi', { class: 'address' }, address) }),
  );
  const paused = buttons.filter(({ isPaused }) => isPaused).map(({ button }) => button);
  const content = [
    headed(name, heading),
    paragraph,
    ...(pause ? [pauseButtons(pause, paused, countdownText, onPauseEnd, signal)] : []),
    create('div', { class: 'actions' }, ...buttons.map(({ button }) => button)),
  ];
  return { title, content, focus: heading, announcement: `${title}. ${paragraph.textContent}` };
}
