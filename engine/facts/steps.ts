// When a number that grows by one at a time is next on another side of a limit.

/**
 * The next whole number at which a comparison with any of the limits can come out differently.
 *
 * @param value a whole number that grows by one at a time
 * @param limits the numbers that it is compared with; undefined when they are not known
 * @returns undefined when it has passed them all
 */
export function nextStep(value: number, limits: readonly number[] | undefined): number | undefined {
  if (limits === undefined) return value + 1;
  // From the limit on, and beyond it: `greaterThan 5` changes at 6, `lessThan 5` at 5.
  const steps = limits.flatMap((limit) => [Math.ceil(limit), Math.floor(limit) + 1]).filter((step) => step > value);
  return steps.length === 0 ? undefined : Math.min(...steps);
}
