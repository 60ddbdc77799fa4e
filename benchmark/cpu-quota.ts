import { existsSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './benchmark.ts';

/** The memory with which Lambda gives a function a whole CPU, in megabytes; with less, its share of one. */
export const MEGABYTES_OF_ONE_CPU = 1769;

/** How often Lambda's scheduler gives out shares, in microseconds. */
const PERIOD_US = 20_000;

/** Where Linux has the control groups of CPUs, and the files of a quota: of version 2, or of version 1. */
const HIERARCHIES = [
  {
    root: '/sys/fs/cgroup',
    needs: 'cpu.max.burst',
    quota: (us: number) => ({ 'cpu.max': `${us} ${PERIOD_US}` }),
  },
  {
    root: '/sys/fs/cgroup/cpu',
    needs: 'cpu.cfs_quota_us',
    quota: (us: number) => ({ 'cpu.cfs_period_us': `${PERIOD_US}`, 'cpu.cfs_quota_us': `${us}` }),
  },
];

/** A control group whose processes have a share of one CPU. */
export interface CpuQuota extends AsyncDisposable {
  /** The file that a process writes its id into. */
  readonly processes: string;
}

/** Makes a control group with the share of a CPU that comes with this memory. Throws `UsageError` where it may not. */
export async function createCpuQuota(megabytes: number): Promise<CpuQuota> {
  const quotaUs = Math.round((PERIOD_US * megabytes) / MEGABYTES_OF_ONE_CPU);
  for (const { root, needs, quota } of HIERARCHIES) {
    const group = join(root, `recovery-benchmark-${process.pid}-${megabytes}`);
    try {
      await mkdir(group);
    } catch {
      continue;
    }
    if (existsSync(join(group, needs))) {
      for (const [file, value] of Object.entries(quota(quotaUs))) await writeFile(join(group, file), value);
      return { processes: join(group, 'cgroup.procs'), [Symbol.asyncDispose]: () => rmdir(group) };
    }
    await rmdir(group);
  }
  throw new UsageError('memory: needs Linux, and the right to make control groups (root).');
}
