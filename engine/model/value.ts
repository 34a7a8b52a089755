// The values that readings carry and points take.
import { z } from 'zod';

/** A number, a truth value or one word of an enumeration. Never null: what is not known is absent. */
export const valueSchema = z.union([z.number(), z.boolean(), z.string().max(128)]);
export type Value = z.infer<typeof valueSchema>;

/** What a property's or point's value may be. */
export const valueTypeSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('number'),
    unit: z.string().max(16),
    min: z.number(),
    max: z.number(),
    integer: z.boolean().default(false),
  }),
  z.strictObject({ type: z.literal('boolean') }),
  z.strictObject({
    type: z.literal('word'),
    words: z.array(z.string().min(1).max(64)).min(1).max(64),
  }),
]);
export type ValueType = z.infer<typeof valueTypeSchema>;

/** Why a value does not fit its type, or undefined when it does. The text says what is allowed. */
export function misfit(type: ValueType, value: unknown): string | undefined {
  switch (type.type) {
    case 'number': {
      const range = `${type.integer ? 'a whole number' : 'a number'} from ${type.min} to ${type.max}${type.unit === '1' ? '' : ` ${type.unit}`}`;
      if (typeof value !== 'number' || !Number.isFinite(value) || (type.integer && !Number.isInteger(value)))
        return `allowed is ${range}`;
      return value < type.min || value > type.max ? `allowed is ${range}` : undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'allowed is true or false';
    case 'word':
      return typeof value === 'string' && type.words.includes(value)
        ? undefined
        : `allowed is one of ${type.words.join(', ')}`;
  }
}

/** Do two values of one type mean the same, numbers within `tolerance` (same unit, 0 or more)? */
export function sameValue(left: Value | undefined, right: Value | undefined, tolerance = 0): boolean {
  if (typeof left === 'number' && typeof right === 'number')
    return Math.abs(left - right) <= tolerance + Number.EPSILON;
  return left === right;
}
