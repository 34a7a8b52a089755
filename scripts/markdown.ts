// Pieces of Markdown that the documentation is made of.

/** A word as code. */
export const code = (word: string): string => `\`${word}\``;

/** A table; a cell's own bars are kept from ending it, and `<name>` from being taken for HTML. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    head,
    head.map(() => '---'),
    ...rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/<(?=\w)/g, '\\<'))),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** A page with another part between the markers `<!-- name: begin -->` and `<!-- name: end -->`. Throws without them. */
export function replaceBetween(page: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, until] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || until < from) throw new Error(`the page has no place for ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${part}\n\n${page.slice(until)}`;
}
