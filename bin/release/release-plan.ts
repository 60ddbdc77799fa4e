/** The part of package.json that a release depends on. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  repository: { url: string };
}

/** What main has, and where it is. */
export interface ReleaseState {
  manifest: Manifest;
  /** The files of `.changeset`. */
  changesetFiles: readonly string[];
  /** The tags of the repository. */
  tags: readonly string[];
  /** The name that the package has on npm. */
  npmPackage: string;
  /** The repository on GitHub, such as `owner/name`. */
  repository: string;
}

/** What a push to main leads to; with a refusal, nothing is published. */
export interface ReleasePlan {
  next: 'version' | 'publish' | 'nothing';
  version: string;
  refusals: string[];
}

/**
 * Plans a release: a new version where there are changesets, else the publication of a version that has no tag yet, which is
 * refused while the package is not ready for it.
 */
export function releasePlan(state: ReleaseState): ReleasePlan {
  const { version } = state.manifest;
  if (state.changesetFiles.some((name) => name.endsWith('.md') && name !== 'README.md')) {
    return { next: 'version', version, refusals: [] };
  }
  if (state.tags.includes(`v${version}`)) return { next: 'nothing', version, refusals: [] };
  return { next: 'publish', version, refusals: refusalsOf(state) };
}

function refusalsOf({ manifest, npmPackage, repository }: ReleaseState): string[] {
  const url = `git+https://github.com/${repository}.git`;
  return [
    ...(manifest.private
      ? ['"private" is true. Follow "The first release" in CONTRIBUTING.md, and remove it there.']
      : []),
    ...(manifest.name === npmPackage
      ? []
      : [
          `"name" is ${manifest.name}, and the repository variable NPM_PACKAGE is ${npmPackage}. Make them equal.`,
        ]),
    ...(manifest.repository.url === url
      ? []
      : [
          `"repository.url" is ${manifest.repository.url}. Set it to ${url}: npm rejects any other provenance.`,
        ]),
  ];
}
