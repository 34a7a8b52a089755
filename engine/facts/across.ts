// The values of several assets into one.
import type { FactParams } from '../model/rule.ts';
import type { Value } from '../model/value.ts';

type Across = NonNullable<FactParams['across']>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : average([sorted[middle - 1] ?? Number.NaN, upper]);
}

/**
 * One value across several assets, at least one; a count may be of none.
 *
 * @returns undefined when it does not fit the values (`any` of numbers)
 */
export function across(how: Across, values: readonly Value[]): Value | undefined {
  if (how === 'count') return values.length;
  if (how === 'any' || how === 'all') {
    const truths = values.filter((value) => typeof value === 'boolean');
    if (truths.length !== values.length) return undefined;
    return how === 'any' ? truths.includes(true) : !truths.includes(false);
  }
  const numbers = asNumbers(values);
  if (!numbers) return undefined;
  switch (how) {
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'avg':
      return average(numbers);
    case 'median':
      return median(numbers);
  }
}

function asNumbers(values: readonly Value[]): number[] | undefined {
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === values.length ? numbers : undefined;
}
