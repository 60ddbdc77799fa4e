/** Every fault can be limited to the next `times` requests; without it, it lasts until it is healed. */
export interface LimitedFault {
  readonly times?: number | undefined;
}

/** What goes wrong with the next requests: at most one fault at a time. */
export interface FaultSwitch<Fault extends LimitedFault> {
  /** The fault that would hit the next request; its `times` is what is left of it. */
  readonly current: Fault | undefined;
  /** Switches a fault on, in place of the one before. */
  set(fault: Fault): void;
  /** Switches it off. */
  heal(): void;
  /** The fault that hits this request: counts it, and heals after the last one. */
  next(): Fault | undefined;
}

/** A switch that is off. `onChange` is told whenever another fault, or none, is the current one. */
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
