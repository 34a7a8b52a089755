// Does a value fit what it is compared with or set to, and what was meant where it does not?
import { parseTimeOfDay } from '../../model/local-time.ts';
import { convert } from '../../model/units.ts';
import { misfit, type Value, type ValueType } from '../../model/value.ts';
import { nearest } from '../../model/words.ts';

const MINUTE_MS = 60_000;

/** Minutes of the day, which people write as 06:30. */
const isTimeOfDay = (type: ValueType & { type: 'number' }): boolean => type.unit === 'min' && type.max === 1_439;

/** Why a value does not fit, and what was probably meant. */
export interface Misfit {
  /** What is allowed, with what was meant. */
  allowed: string;
  /** What was meant. */
  fix?: Value;
}

/** A number as people write it with its unit: `80 %`, `50 km/h`. */
const WITH_UNIT = /^\s*(-?\d+(?:\.\d+)?)\s*(\S*)\s*$/;

/** Why a value does not fit the type; undefined when it does. A range may be open: infinite. */
export function misfitOf(type: ValueType, value: Value): Misfit | undefined {
  const allowed = misfit(type, value);
  if (allowed === undefined) return undefined;
  const meant = meantValue(type, value);
  if (meant === undefined) return { allowed };
  return { allowed: `${allowed}; ${hint(value, meant)}`, fix: meant };
}

function hint(value: Value, meant: Value): string {
  return typeof value === 'number' ? `${value} % is written ${meant}` : `did you mean ${JSON.stringify(meant)}?`;
}

function meantValue(type: ValueType, value: Value): Value | undefined {
  if (type.type === 'word') return typeof value === 'string' ? nearest(value, type.words) : undefined;
  if (type.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined;
  const meant =
    typeof value === 'number' ? asPercent(type, value) : typeof value === 'string' ? asNumber(type, value) : undefined;
  return meant !== undefined && misfit(type, meant) === undefined ? meant : undefined;
}

/** 80 where 0.8 is meant is the commonest slip: ratios are 0 to 1 in documents, percent on screens. */
function asPercent(type: ValueType & { type: 'number' }, value: number): number | undefined {
  const isRatio = type.unit === '1' && type.max === 1;
  return isRatio && value > 1 && value <= 100 ? convert(value, '%', '1') : undefined;
}

/** A number in quotation marks, with or without a unit that converts to the type's own. */
function asNumber(type: ValueType & { type: 'number' }, text: string): number | undefined {
  if (isTimeOfDay(type)) {
    const timeOfDayMs = parseTimeOfDay(text);
    if (timeOfDayMs !== undefined) return Math.floor(timeOfDayMs / MINUTE_MS);
  }
  const [, number, unit] = WITH_UNIT.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (unit === undefined || unit === '') return asPercent(type, Number(number)) ?? Number(number);
  return convert(Number(number), unit, type.unit);
}
