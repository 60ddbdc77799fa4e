/** The most letters that a name may be off and still be taken for a slip. */
const TOLERANCE = 2;

/** The candidate that the input most likely meant, whatever its case, dashes and underscores. */
export function closestMatch(input: string, candidates: readonly string[]): string | undefined {
  for (let edits = 0; edits <= TOLERANCE; edits++) {
    const match = candidates.find((candidate) => isWithin(edits, plain(input), plain(candidate)));
    if (match !== undefined) return match;
  }
  return undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Whether inserting, dropping or replacing so many letters turns one text into the other (Levenshtein). */
function isWithin(edits: number, from: string, to: string): boolean {
  if (from === to) return true;
  const [fromRest, toRest] = [from.slice(1), to.slice(1)];
  if (from[0] === to[0]) return isWithin(edits, fromRest, toRest);
  if (edits === 0) return false;
  return (
    isWithin(edits - 1, fromRest, toRest) ||
    isWithin(edits - 1, fromRest, to) ||
    isWithin(edits - 1, from, toRest)
  );
}
