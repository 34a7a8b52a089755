// The values that readings carry and points take.
import { z } from 'zod';

/** A number, a truth value or one word of an enumeration. Never null: what is not known is absent. */
export const valueSchema = z.union([z.number(), z.boolean(), z.string().max(128)]);
export type Value = z.infer<typeof valueSchema>;

/** What a property's or point's value may be. */
export const valueTypeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('number').describe('A number.'),
    unit: z.string().max(16).describe('Its unit, UCUM: Cel, km/h, lx; 1 for ratios, empty for counts.'),
    min: z.number().describe('The least that it can be.'),
    max: z.number().describe('The most that it can be.'),
    integer: z.boolean().default(false).describe('Whole numbers only.'),
  }),
  z.strictObject({ type: z.literal('boolean').describe('True or false.') }),
  z.strictObject({
    type: z.literal('word').describe('One of some words.'),
    words: z.array(z.string().min(1).max(64)).min(1).max(64).describe('Those that it can be.'),
  }),
]);
export type ValueType = z.infer<typeof valueTypeSchema>;

/** What a value of the type is: `a number from 0 to 250 km/h`, `a number, 0 or more`, `true or false`, `one of open, closed`. */
export function typeInWords(type: ValueType): string {
  if (type.type === 'boolean') return 'true or false';
  if (type.type === 'word') return `one of ${type.words.join(', ')}`;
  const unit = type.unit === '1' || type.unit === '' ? '' : ` ${type.unit}`;
  const number = type.integer ? 'a whole number' : 'a number';
  if (Number.isFinite(type.max)) return `${number} from ${type.min} to ${type.max}${unit}`;
  return Number.isFinite(type.min)
    ? `${number}${unit && ' in'}${unit}, ${type.min} or more`
    : `${number}${unit && ' in'}${unit}`;
}

/** Why a value does not fit its type, or undefined when it does. The text says what is allowed. */
export const misfit = (type: ValueType, value: unknown): string | undefined =>
  fits(type, value) ? undefined : `allowed is ${typeInWords(type)}`;

function fits(type: ValueType, value: unknown): boolean {
  switch (type.type) {
    case 'number':
      return (
        typeof value === 'number' &&
        Number.isFinite(value) &&
        value >= type.min &&
        value <= type.max &&
        (!type.integer || Number.isInteger(value))
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'word':
      return typeof value === 'string' && type.words.includes(value);
  }
}

/** Do two values of one type mean the same, numbers within `tolerance` (same unit, 0 or more)? */
export function sameValue(left: Value | undefined, right: Value | undefined, tolerance = 0): boolean {
  if (typeof left === 'number' && typeof right === 'number')
    return Math.abs(left - right) <= tolerance + Number.EPSILON;
  return left === right;
}
