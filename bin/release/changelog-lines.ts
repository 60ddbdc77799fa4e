/** What Changesets reads from a file of `.changeset`. */
interface Changeset {
  summary: string;
}

/** The lines of a changeset in CHANGELOG.md: a list as it is, any other text as one item. It names no commit. */
export function getReleaseLine({ summary }: Changeset): string {
  const text = summary.trim();
  return text.startsWith('- ') ? text : `- ${text.replaceAll(/\n(?=.)/g, '\n  ')}`;
}

/** The lines of new versions of dependencies in the same repository, of which there are none. */
export function getDependencyReleaseLine(): string {
  return '';
}
