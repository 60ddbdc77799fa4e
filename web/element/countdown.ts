/** Something that is not to be done before a point in time. */
export interface Pause {
  /** In milliseconds since the epoch: the machine may sleep meanwhile. */
  readonly until: number;
}

/** A pause from now on. */
export function pauseFor(seconds: number): Pause {
  return { until: Date.now() + seconds * 1000 };
}

/** Tells, at once and then every second, how many seconds of the pause are left; 0 is told once, and last. */
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

/** A time as people say it in a language: in seconds, from two minutes on in minutes. */
export function formatDuration(seconds: number, language: string): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}
