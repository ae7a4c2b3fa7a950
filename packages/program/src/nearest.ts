/**
 * The one of `words` that somebody who typed `typed` most likely meant: at most a third of its letters were added, left out, replaced or swapped.
 * Capitals do not count.
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const far = (word: string) => ({ word, edits: edits(typed.toLowerCase(), word.toLowerCase()) });
  const [first] = words
    .filter((word) => Math.abs(word.length - typed.length) <= most(word))
    .map(far)
    .filter(({ word, edits }) => edits <= most(word))
    .toSorted((a, b) => a.edits - b.edits);
  return first?.word;
}

const most = (word: string) => Math.max(1, Math.floor(word.length / 3));

/** The least number of such changes (optimal string alignment distance). */
function edits(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const [up = 0, left = 0, corner = 0, far = 0] = [row[j], next[j - 1], row[j - 1], before[j - 2]];
      next.push(Math.min(up + 1, left + 1, corner + same, isSwapped ? far + 1 : Number.POSITIVE_INFINITY));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
