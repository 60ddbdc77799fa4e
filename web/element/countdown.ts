/** A period in which the user has to wait. */
export interface Pause {
  /** The end, in milliseconds since the epoch: this clock goes on while the device sleeps. */
  readonly until: number;
  /** The end on the clock of `performance.now()`, in milliseconds: nobody corrects this clock. */
  readonly untilMonotonic: number;
}

/** Returns a pause that starts now. */
export function pauseFor(seconds: number): Pause {
  const milliseconds = seconds * 1000;
  return { until: Date.now() + milliseconds, untilMonotonic: performance.now() + milliseconds };
}

/** Returns the rest of a pause in milliseconds; 0 when one of the two clocks is past the end. */
export function restOf({ until, untilMonotonic }: Pause): number {
  return Math.max(0, Math.min(until - Date.now(), untilMonotonic - performance.now()));
}

/** Calls `onTick` with the seconds left, at once and then every second. The last call is with 0. */
export function countDown(pause: Pause, onTick: (secondsLeft: number) => void, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function tick(): void {
    const millisecondsLeft = restOf(pause);
    onTick(Math.ceil(millisecondsLeft / 1000));
    if (millisecondsLeft > 0) timer = setTimeout(tick, millisecondsLeft % 1000 || 1000);
  }
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  tick();
}

/** Formats a duration in a language: below two minutes in seconds, otherwise in minutes. */
export function formatDuration(seconds: number, language: string): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}
