/** A period in which the user has to wait. */
export interface Pause {
  /** The end, in milliseconds since the epoch. A duration would be wrong after the device sleeps. */
  readonly until: number;
}

/** Returns a pause that starts now. */
export function pauseFor(seconds: number): Pause {
  return { until: Date.now() + seconds * 1000 };
}

/** Calls `onTick` with the seconds left, at once and then every second. The last call is with 0. */
export function countDown(
  { until }: Pause,
  onTick: (secondsLeft: number) => void,
  signal: AbortSignal,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function tick(): void {
    const millisecondsLeft = Math.max(0, until - Date.now());
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
