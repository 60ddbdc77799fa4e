/** How far a step is, or went: a problem may still be mended by a later occurrence. */
export type StepState = 'under-way' | 'done' | 'problem';

/** Something that happened in a step. Tells nobody's address. */
export interface Occurrence {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: StepState;
  /** What happened, in a few words. */
  readonly detail: string;
}

/** One of the steps of a recovery. */
export interface FlowStep {
  /** From 1. */
  readonly number: number;
  readonly name: StepName;
  readonly title: string;
  /** That of the last occurrence. */
  readonly state: StepState | 'waiting';
  /** The last few, oldest first. */
  readonly occurrences: readonly Occurrence[];
}

/** The steps of the flow, as the vendor's guide draws it. */
const STEPS = [
  { name: 'typed', title: 'A person types an email address into the app' },
  { name: 'asked', title: 'The app asks its own backend' },
  { name: 'called', title: 'The backend calls Beyond Identity' },
  { name: 'mailed', title: 'Beyond Identity mails a recovery link' },
  { name: 'opened', title: 'The link opens the registration redirect URI' },
  { name: 'validated', title: 'The link is validated with Beyond Identity' },
  { name: 'registered', title: 'A new credential is registered' },
  { name: 'signed-in', title: 'The app sends the person on to sign in' },
] as const;

/** What a step goes by in code. */
export type StepName = (typeof STEPS)[number]['name'];

/** What is known of the flow's steps. */
export interface FlowSteps {
  list(): readonly FlowStep[];
  stateOf(step: StepName): FlowStep['state'];
  /**
   * Adds an occurrence, which happened now; in place of the last one if that was under way, or said the same. What is done
   * stays done when it is under way once more.
   */
  record(step: StepName, state: StepState, detail: string): void;
  /** Forgets everything that happened. */
  startOver(): void;
  /** Has `onChange` called after every change, until the signal aborts. */
  subscribe(onChange: () => void, until: AbortSignal): void;
  /** Tells the subscribers of something that is shown beside the steps. */
  touch(): void;
}

/** As many lines as a person reads. */
const KEPT_OCCURRENCES = 6;

/** Steps of which none has happened. */
export function createFlowSteps(): FlowSteps {
  const occurrences = new Map<StepName, readonly Occurrence[]>();
  const subscribers = new Set<() => void>();

  function touch(): void {
    for (const tell of subscribers) tell();
  }

  function stateOf(step: StepName): FlowStep['state'] {
    return occurrences.get(step)?.at(-1)?.state ?? 'waiting';
  }

  return {
    list: () =>
      STEPS.map(({ name, title }, index) => ({
        number: index + 1,
        name,
        title,
        state: stateOf(name),
        occurrences: occurrences.get(name) ?? [],
      })),
    stateOf,
    record(step, state, detail) {
      if (state === 'under-way' && stateOf(step) === 'done') return;
      const happened = occurrences.get(step) ?? [];
      const latest = { at: new Date().toISOString(), state, detail };
      const settled = happened.filter(({ state }) => state !== 'under-way');
      const isRepeated = settled.at(-1)?.detail === detail;
      occurrences.set(
        step,
        [...settled.slice(0, isRepeated ? -1 : undefined), latest].slice(-KEPT_OCCURRENCES),
      );
      touch();
    },
    startOver() {
      occurrences.clear();
      touch();
    },
    subscribe(onChange, until) {
      if (until.aborted) return;
      subscribers.add(onChange);
      until.addEventListener('abort', () => subscribers.delete(onChange), { once: true });
    },
    touch,
  };
}
