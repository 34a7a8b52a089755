// Log ids as Redis streams write them: `<milliseconds>-<n>`.

/** The id before every entry. */
export const BEFORE_ALL = '0-0';

/** The milliseconds in a log id. */
export const millisecondsOf = (id: string): number => Number(id.slice(0, id.indexOf('-')));
