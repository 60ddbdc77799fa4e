/** The state of a step. A later occurrence may resolve a problem; `ended`: nothing more happens, as it should be. */
export type StepState = 'under-way' | 'done' | 'ended' | 'problem';

/** An event in a step. It never contains an address. */
export interface Occurrence {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: StepState;
  /** A short description. */
  readonly detail: string;
}

/** One of the steps of a recovery. */
export interface FlowStep {
  /** From 1. */
  readonly number: number;
  readonly name: StepName;
  readonly title: string;
  /** The state of the last occurrence. */
  readonly state: StepState | 'waiting';
  /** The last few, oldest first. */
  readonly occurrences: readonly Occurrence[];
}

/** The steps of the flow, as the vendor's guide draws it. */
const STEPS = [
  { name: 'typed', title: 'The user enters an email address in the app' },
  { name: 'asked', title: 'The app calls its own backend' },
  { name: 'called', title: 'The backend calls Beyond Identity' },
  { name: 'mailed', title: 'Beyond Identity sends a recovery link by email' },
  { name: 'opened', title: 'The link opens the registration redirect URI' },
  { name: 'validated', title: 'The link is validated with Beyond Identity' },
  { name: 'registered', title: 'A new credential is registered' },
  { name: 'signed-in', title: 'The app redirects the user to sign in' },
] as const;

/** The name of a step. */
export type StepName = (typeof STEPS)[number]['name'];

/** Titles of steps that replace the default ones. */
export type StepTitles = Readonly<Partial<Record<StepName, string>>>;

/** The flow's steps and their occurrences. */
export interface FlowSteps {
  /** The number of the current run. Every start over begins another one. */
  readonly run: number;
  list(): readonly FlowStep[];
  stateOf(step: StepName): FlowStep['state'];
  /**
   * Adds an occurrence, timestamped now. It replaces the last one if that was under way or has the same detail. A step that is
   * done ignores occurrences that are under way.
   */
  record(step: StepName, state: StepState, detail: string): void;
  /** Removes all occurrences, and begins another run. */
  startOver(): void;
  /** Calls `onChange` after every change until the signal aborts. */
  subscribe(onChange: () => void, until: AbortSignal): void;
  /** Notifies the subscribers of a change outside the steps. */
  touch(): void;
}

/** Keeps the panel short. */
const KEPT_OCCURRENCES = 6;

/** Creates the steps, all waiting. */
export function createFlowSteps(titles: StepTitles = {}): FlowSteps {
  const occurrences = new Map<StepName, readonly Occurrence[]>();
  const subscribers = new Set<() => void>();
  let run = 0;

  function touch(): void {
    for (const notify of subscribers) notify();
  }

  function stateOf(step: StepName): FlowStep['state'] {
    return occurrences.get(step)?.at(-1)?.state ?? 'waiting';
  }

  return {
    get run() {
      return run;
    },
    list: () =>
      STEPS.map(({ name, title }, index) => ({
        number: index + 1,
        name,
        title: titles[name] ?? title,
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
      run += 1;
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
