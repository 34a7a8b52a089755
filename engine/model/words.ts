// Lists of what is allowed, and the word that was probably meant.

/** At most this many letters may be wrong, and less than half of them. */
const MOST_SLIPS = 2;

/** Words in order, each once, with commas. */
export const list = (words: Iterable<string>): string => [...new Set(words)].toSorted().join(', ');

/** `allowed is one of …`, or that there is none. */
export function oneOf(words: Iterable<string>): string {
  const known = list(words);
  return known === '' ? 'none is defined' : `allowed is one of ${known}`;
}

/** The one word that differs least from what was written, capitals aside; undefined when none or several come near. */
export function nearest(written: string, words: Iterable<string>): string | undefined {
  const most = Math.min(MOST_SLIPS, Math.ceil(written.length / 2) - 1);
  const near = [...new Set(words)]
    .map((word) => ({ word, slips: slips(written.toLowerCase(), word.toLowerCase(), most) }))
    .filter((one) => one.slips <= most)
    .toSorted((left, right) => left.slips - right.slips);
  const [first, second] = near;
  return first && first.slips !== second?.slips ? first.word : undefined;
}

/**
 * How many letters must be put in, taken out, replaced or swapped with their neighbour (optimal string alignment);
 * `most` + 1 when the lengths alone say that it is more.
 */
function slips(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let [before, above]: number[][] = [[], Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 0; row < left.length; row += 1) {
    const here = [row + 1];
    for (let column = 0; column < right.length; column += 1) {
      const replaced = at(above, column) + (left[row] === right[column] ? 0 : 1);
      const isSwapped = left[row] === right[column - 1] && left[row - 1] === right[column];
      const swapped = isSwapped && row > 0 && column > 0 ? at(before, column - 1) + 1 : Infinity;
      here.push(Math.min(replaced, swapped, at(above, column + 1) + 1, at(here, column) + 1));
    }
    [before, above] = [above, here];
  }
  return at(above, right.length);
}

const at = (row: readonly number[] | undefined, column: number): number => row?.[column] ?? Infinity;
