// How values cross into SQL and back, the same way on PostgreSQL and PGlite.

/** SQL that gives a timestamptz column as milliseconds since the epoch, a JavaScript number. */
export const inMilliseconds = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** PostgreSQL's text holds neither U+0000 nor half a surrogate pair: each becomes U+FFFD, the sign for what was unreadable. */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

/** The same; null for what is absent. */
export const textOrNull = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));

/** JSON for a json or jsonb parameter, its texts made storable. */
export function toStorableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify escapes exactly these characters; nearly no text has them, and a replacer costs as much again.
  return /\\u(?:0000|d[89a-f])/.test(json)
    ? JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? storableText(inner) : inner))
    : json;
}
