/** A configuration that is deployed. */
export interface DeploymentKind {
  readonly platform: 'v0' | 'v1';
  readonly delivery: 'direct' | 'queued';
}

/** Both platforms, direct and queued. */
export const DEPLOYMENTS: readonly DeploymentKind[] = [
  { platform: 'v0', delivery: 'direct' },
  { platform: 'v0', delivery: 'queued' },
  { platform: 'v1', delivery: 'direct' },
  { platform: 'v1', delivery: 'queued' },
];

/** The name of the stack of examples/events that sends the events to a queue. */
export const EVENTS_TO_QUEUE = 'EventsToQueue';

/** The stage of a deployment: each has a stack of its own. */
export function stageOf({ platform, delivery }: DeploymentKind): string {
  return `${platform}-${delivery}`;
}

/** The functions that run, by their logical ids; the hooks of a release call Lambda and CodeDeploy. */
export const FUNCTION_IDS = ['RecoverUserFunction', 'DeliverOutboxFunction'] as const;
export type FunctionId = (typeof FUNCTION_IDS)[number];
