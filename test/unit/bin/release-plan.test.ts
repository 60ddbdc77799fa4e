import { describe, expect, test } from '@jest/globals';
import { type ReleaseState, releasePlan } from '../../../bin/release/release-plan.ts';

const NAME = '@example/user-recovery';

/** A version that is ready to be published, but for what is given. */
function state(changes: Partial<ReleaseState> = {}): ReleaseState {
  return {
    manifest: {
      name: NAME,
      version: '2.0.0',
      repository: { url: 'git+https://github.com/example/user-recovery.git' },
    },
    changesetFiles: ['README.md', 'config.json'],
    tags: ['v1.0.0', ''],
    npmPackage: NAME,
    repository: 'example/user-recovery',
    ...changes,
  };
}

const manifest = (changes: Partial<ReleaseState['manifest']>) => ({
  manifest: { ...state().manifest, ...changes },
});

describe('a push to main', () => {
  test('leads to the next version while there are changesets, even where nothing may be published', () => {
    const plan = releasePlan(state({ changesetFiles: ['a-change.md'], ...manifest({ private: true }) }));
    expect(plan).toEqual({ next: 'version', version: '2.0.0', refusals: [] });
  });

  test('publishes a version without a tag', () => {
    expect(releasePlan(state())).toEqual({ next: 'publish', version: '2.0.0', refusals: [] });
  });

  test('leads to nothing where the version has a tag', () => {
    expect(releasePlan(state({ tags: ['v2.0.0'] })).next).toBe('nothing');
  });
});

describe('a publication is refused', () => {
  test('while the package is private, with the place that says how it ends', () => {
    const { refusals } = releasePlan(state(manifest({ private: true })));
    expect(refusals).toEqual([
      expect.stringMatching(/"private" is true.*"The first release".*CONTRIBUTING\.md/),
    ]);
  });

  test('under a name that is not that of the package on npm', () => {
    const { refusals } = releasePlan(state(manifest({ name: 'user-recovery' })));
    expect(refusals).toEqual([expect.stringMatching(/"name" is user-recovery.*@example\/user-recovery/)]);
  });

  test('from another repository than the one that package.json names', () => {
    const url = 'git+https://github.com/OWNER/user-recovery.git';
    const { refusals } = releasePlan(state(manifest({ repository: { url } })));
    expect(refusals).toEqual([expect.stringContaining('git+https://github.com/example/user-recovery.git')]);
  });
});
