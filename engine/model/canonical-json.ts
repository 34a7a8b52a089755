// One text for one JSON value (RFC 8785), so that everybody who hashes it comes to the same.

/**
 * The canonical text of a JSON value: keys in the order of their UTF-16 code units, no spaces, numbers as JavaScript
 * writes them.
 *
 * @param value what `JSON.parse` can give: no `undefined`, no instances of classes
 * @example canonicalJson({ b: 1, a: [true] }) // '{"a":[true],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}
