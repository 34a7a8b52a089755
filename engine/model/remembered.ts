// Answers of pure functions, kept for those who ask the same again.

/** Answers that are kept of one function. */
const MOST_KEPT = 20_000;

/** A pure function's answer, kept until there are too many of them. */
export function remembered<V>(kept: Map<string, V>, key: string, answer: () => V): V {
  const found = kept.get(key);
  if (found !== undefined) return found;
  if (kept.size >= MOST_KEPT) kept.clear();
  const made = answer();
  kept.set(key, made);
  return made;
}
