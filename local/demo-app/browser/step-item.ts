import { create } from '../../../web/element/create.ts';
import { MAILBOX_PATH } from '../../paths.ts';
import type { FeedStep } from './simulation-feed.ts';

const STATES: Readonly<Record<FeedStep['state'], string>> = {
  waiting: 'waiting',
  'under-way': 'under way',
  done: '✓ done',
  problem: '! problem',
};

const time = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** A step of the flow in the panel's list. */
export interface StepItem {
  readonly element: HTMLLIElement;
  /** Shows the step's current state, without moving the focus. */
  update(step: FeedStep): void;
}

/** Creates the item of a step. */
export function createStepItem(first: FeedStep): StepItem {
  const state = create('span', { class: 'state' });
  const occurrences = create('ul');
  const mailbox = create('a', { href: MAILBOX_PATH }, 'Open the mailbox');
  const element = create('li', { 'data-step': first.name }, `${first.title}: `, state, occurrences, mailbox);

  function update(step: FeedStep): void {
    element.dataset['state'] = step.state;
    state.textContent = STATES[step.state];
    occurrences.replaceChildren(...step.occurrences.map(occurrenceItem));
    occurrences.hidden = step.occurrences.length === 0;
    mailbox.hidden = step.name !== 'mailed' || step.state === 'waiting';
  }

  update(first);
  return { element, update };
}

function occurrenceItem({ at, detail }: FeedStep['occurrences'][number]): HTMLLIElement {
  return create('li', {}, create('time', { datetime: at }, time.format(new Date(at))), ` ${detail}`);
}
