// Log ids as Redis streams write them: `<milliseconds>-<n>`.

/** The id before every entry. */
export const BEFORE_ALL = '0-0';

/** A log id of which the order of texts is the order of entries: the number within its millisecond has nine digits. */
export function sortableId(id: string): string {
  const dash = id.indexOf('-') + 1;
  return id.slice(0, dash) + id.slice(dash).padStart(9, '0');
}

/** The milliseconds in a log id. */
export const millisecondsOf = (id: string): number => Number(id.slice(0, id.indexOf('-')));
