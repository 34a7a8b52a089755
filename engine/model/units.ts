// Units on the way in: every property has one unit here; what arrives in another known unit is converted.

import { own } from './own.ts';

/** A unit that converts to another by `value * factor + offset`. */
interface Conversion {
  factor: number;
  offset?: number;
}

/** `CONVERSIONS[to][from]`: known units, written as UCUM writes them (https://ucum.org). `1` is a ratio from 0 to 1. */
const CONVERSIONS: Readonly<Record<string, Readonly<Record<string, Conversion>>>> = {
  '1': { '%': { factor: 0.01 } },
  'km/h': { 'm/s': { factor: 3.6 } },
  W: { kW: { factor: 1_000 }, mW: { factor: 0.001 } },
  m: { cm: { factor: 0.01 }, mm: { factor: 0.001 } },
  Cel: { K: { factor: 1, offset: -273.15 }, '[degF]': { factor: 5 / 9, offset: -160 / 9 } },
  '/h': { '/min': { factor: 60 }, '/s': { factor: 3_600 } },
  'ug/m3': { 'mg/m3': { factor: 1_000 } },
  s: { ms: { factor: 0.001 }, min: { factor: 60 } },
};

/** The units from which `unit` can be reached, itself first. */
export const knownUnitsFor = (unit: string): string[] => [unit, ...Object.keys(CONVERSIONS[unit] ?? {})];

/**
 * Converts a value to a property's own unit.
 *
 * @returns the converted number, or undefined when no conversion between the two units is known.
 */
export function convert(value: number, from: string, to: string): number | undefined {
  if (from === to) return value;
  const conversion = own(CONVERSIONS[to] ?? {}, from);
  // Ten decimal places keep 45 % at 0.45 instead of 0.45000000000000001.
  return conversion && Number((value * conversion.factor + (conversion.offset ?? 0)).toFixed(10));
}
