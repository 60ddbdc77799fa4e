/** A point in time by which a request's work must be over. */
export interface Deadline {
  /** Aborts at the deadline; every wait for the outside world listens to it. */
  readonly signal: AbortSignal;
  /** Milliseconds left; never below 0. */
  remainingMs(): number;
  /** Resolves after so many milliseconds, or at the deadline if that comes first. */
  pause(durationMs: number): Promise<void>;
  /** Resolves as `work` does, or to `undefined` at the deadline, whatever `work` does; rejects as `work` does. */
  waitFor<Result>(work: Promise<Result>): Promise<Result | undefined>;
  /** Settles as the work does, which gets the signal; rejects with `DeadlineExceeded` at the deadline. */
  enforce<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /**
   * An earlier deadline, at this share (0 to 1) of the whole time, however much of it is over: a stage that takes all of
   * its time leaves the later ones theirs. The caller clears it.
   */
  stage(endShare: number): Deadline;
  /** An earlier deadline, at most so many milliseconds from now. The caller clears it. */
  within(durationMs: number): Deadline;
  /** Clears the timer once the work is over. */
  clear(): void;
}
