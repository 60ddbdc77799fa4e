/** A fault can be limited to the next `times` requests; without `times`, it lasts until it is healed. */
export interface LimitedFault {
  readonly times?: number | undefined;
}

/** Decides which fault hits the next requests: at most one at a time. */
export interface FaultSwitch<Fault extends LimitedFault> {
  /** The fault that would hit the next request; its `times` counts down. */
  readonly current: Fault | undefined;
  /** Switches a fault on; it replaces the previous one. */
  set(fault: Fault): void;
  /** Switches it off. */
  heal(): void;
  /** The fault that hits this request: counts it, and heals after the last one. */
  next(): Fault | undefined;
}

/** A switch that is off. `onChange` is called whenever the current fault changes. */
export function createFaultSwitch<Fault extends LimitedFault>(
  onChange: () => void = () => {},
): FaultSwitch<Fault> {
  let current: Fault | undefined;

  function change(fault: Fault | undefined): void {
    current = fault;
    onChange();
  }

  return {
    get current() {
      return current;
    },
    set: change,
    heal: () => change(undefined),
    next() {
      const fault = current;
      if (fault?.times !== undefined) {
        change(fault.times > 1 ? { ...fault, times: fault.times - 1 } : undefined);
      }
      return fault;
    },
  };
}
