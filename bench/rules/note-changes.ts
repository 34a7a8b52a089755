// For engines that only say which rules hold: what started and what ended.

/** How many of an asset's activations started or ended, now that exactly these rules hold. */
export function noteChanges(active: Map<number, Set<string>>, asset: number, holding: readonly string[]): number {
  const before = active.get(asset) ?? new Set();
  const now = new Set(holding);
  active.set(asset, now);
  return countMissing(now, before) + countMissing(before, now);
}

const countMissing = (from: Set<string>, other: Set<string>): number =>
  [...from].filter((rule) => !other.has(rule)).length;
