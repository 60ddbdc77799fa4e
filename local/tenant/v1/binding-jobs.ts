import { randomBytes } from 'node:crypto';

/** A state of the vendor's credential binding jobs that the simulated tenant has. */
export type JobState = 'LINK_SENT' | 'LINK_OPENED' | 'REQUEST_DELIVERED' | 'COMPLETE' | 'EXPIRED' | 'REVOKED';

/** A credential binding job. Times are in milliseconds since the epoch. */
export interface BindingJob {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly identityId: string;
  readonly postBindingRedirectUri: string | undefined;
  /** The token of its link: works until the job is complete, expired or revoked. */
  readonly linkToken: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly state: JobState;
  /** The credential that was bound. */
  readonly credentialId: string | undefined;
}

/** The jobs of a tenant. */
export interface BindingJobs {
  /** All jobs, in the order of their creation. */
  list(): readonly BindingJob[];
  find(id: string): BindingJob | undefined;
  create(job: {
    readonly identityId: string;
    readonly postBindingRedirectUri: string | undefined;
  }): BindingJob;
  /** Moves a job that is still open to another state. */
  move(id: string, state: JobState, credentialId?: string): void;
  /** Expires the open jobs; returns whether there was any. */
  expireAll(): boolean;
}

/** Whether the job's link still works. */
export function isOpen({ state }: BindingJob): boolean {
  return state !== 'COMPLETE' && state !== 'EXPIRED' && state !== 'REVOKED';
}

/** 16 random hexadecimal digits, as the vendor's ids. */
export function randomId(): string {
  return randomBytes(8).toString('hex');
}

/** An empty list of jobs. `now` is the clock, in milliseconds since the epoch. */
export function createBindingJobs({
  lifetimeMs,
  now,
}: {
  readonly lifetimeMs: number;
  readonly now: () => number;
}): BindingJobs {
  const jobs = new Map<string, BindingJob>();

  function current(job: BindingJob): BindingJob {
    return isOpen(job) && job.expiresAt <= now() ? { ...job, state: 'EXPIRED' } : job;
  }

  function find(id: string): BindingJob | undefined {
    const job = jobs.get(id);
    return job && current(job);
  }

  function list(): readonly BindingJob[] {
    return [...jobs.values()].map(current);
  }

  function move(id: string, state: JobState, credentialId?: string): void {
    const job = find(id);
    if (job === undefined || !isOpen(job)) return;
    jobs.set(id, { ...job, state, credentialId, updatedAt: now() });
  }

  return {
    list,
    find,
    move,
    create({ identityId, postBindingRedirectUri }) {
      const createdAt = now();
      const job: BindingJob = {
        id: randomId(),
        identityId,
        postBindingRedirectUri,
        linkToken: randomBytes(48).toString('base64url'),
        createdAt,
        updatedAt: createdAt,
        expiresAt: createdAt + lifetimeMs,
        state: 'LINK_SENT',
        credentialId: undefined,
      };
      jobs.set(job.id, job);
      return job;
    },
    expireAll() {
      const open = list().filter(isOpen);
      for (const { id } of open) move(id, 'EXPIRED');
      return open.length > 0;
    },
  };
}
