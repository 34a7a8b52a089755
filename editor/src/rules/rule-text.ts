// A rule's document as text for people: what fits stays on one line, as the examples are written. Pure.

/** Characters in a line before an object or a list is broken into several. */
const LINE = 100;
const INDENT = '  ';

/** JSON with a final line break; reads back as the same value. */
export const ruleText = (body: unknown): string => `${write(body, '', 0)}\n`;

/**
 * @param indent what the value's own line begins with
 * @param before characters that stand before the value on its first line, besides the indent
 */
function write(value: unknown, indent: string, before: number): string {
  const inline = oneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + before + inline.length <= LINE) {
    // The document itself is always opened up: a rule of one line is hard to read.
    if (indent !== '' || typeof value !== 'object' || value === null) return inline;
  }
  const inner = indent + INDENT;
  if (Array.isArray(value)) return `[\n${value.map((each) => inner + write(each, inner, 1)).join(',\n')}\n${indent}]`;
  const lines = Object.entries(value).map(([key, each]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + write(each, inner, name.length + 1);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${oneLine(each)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
