// Where in a JSON text a problem is: from a JSON pointer to a range of characters.
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/** A range of characters. */
export interface Place {
  /** 0-based. */
  offset: number;
  /** At least 1. */
  length: number;
}

/** The steps of a JSON pointer (RFC 6901); numbers stay text. */
export const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/**
 * The place of a JSON pointer. What is missing is shown at what should contain it: a container at its first
 * character, so that not everything in it is underlined. A text that is not JSON is shown at its beginning.
 */
export const placeOf = (text: string, pointer: string): Place => placeIn(parseTree(text), pointer);

/** The same in a text that jsonc-parser has read. */
export function placeIn(root: Node | undefined, pointer: string): Place {
  if (!root) return { offset: 0, length: 1 };
  const steps = stepsOf(pointer);
  for (let length = steps.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, numbered(root, steps.slice(0, length)));
    if (node) return rangeOf(node, length < steps.length || steps.length === 0);
  }
  return { offset: 0, length: 1 };
}

function rangeOf(node: Node, isOnlyContainer: boolean): Place {
  const isContainer = node.type === 'object' || node.type === 'array';
  // The property's name says more than the brace that follows it.
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (isContainer && key) return { offset: key.offset, length: key.length };
  if (isContainer || isOnlyContainer) return { offset: node.offset, length: 1 };
  return { offset: node.offset, length: Math.max(1, node.length) };
}

/** jsonc-parser wants numbers for places in arrays. */
function numbered(root: Node, steps: readonly string[]): (string | number)[] {
  const path: (string | number)[] = [];
  for (const step of steps) {
    const here = findNodeAtLocation(root, path);
    path.push(here?.type === 'array' && /^\d+$/.test(step) ? Number(step) : step);
  }
  return path;
}
