import { create } from '../../../web/element/create.ts';
import { MAILBOX_PATH } from '../../paths.ts';
import type { FeedStep } from './simulation-feed.ts';

const STATES: Readonly<Record<FeedStep['state'], string>> = {
  waiting: 'waiting',
  'under-way': 'under way',
  done: '✓ done',
  ended: '– ended',
  problem: '! problem',
};

const time = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/**
 * Shows the state of a step in its item: the latest event beside the state, which takes the reserved lines, and the earlier ones
 * below. The focus stays on the link.
 */
export function updateStepItem(item: HTMLElement, step: FeedStep): void {
  item.dataset['state'] = step.state;
  const progress = item.querySelector('.progress');
  const [latest, ...earlier] = step.occurrences.toReversed();
  const state = create('span', { class: 'state' }, STATES[step.state]);
  const shown = progress?.querySelector('a');
  const isMailed = step.name === 'mailed' && step.occurrences.length > 0 && step.state !== 'ended';
  const mailbox = isMailed ? [shown ?? create('a', { href: MAILBOX_PATH }, 'Open the mailbox')] : [];
  const isFocused = shown?.matches(':focus');
  const items = earlier.map((one) => create('li', {}, ...describe(one)));
  const before = items.length > 0 ? [create('ul', {}, ...items)] : [];
  progress?.replaceChildren(state, ...(latest ? describe(latest) : []), ...mailbox, ...before);
  if (isFocused) shown?.focus();
}

function describe({ at, detail }: FeedStep['occurrences'][number]): readonly (Node | string)[] {
  return [' ', create('time', { datetime: at }, time.format(new Date(at))), ` ${detail} `];
}
