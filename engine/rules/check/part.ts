// Conditions as somebody wrote them, sound or not, as a tree that can be checked: whatever has a right form is read.
import { z } from 'zod';

import { conditionNameSchema, MOST_LEVELS } from '../../model/condition.ts';
import { readComparison, type LooseComparison } from './loose.ts';

/** One place in conditions. */
export type Part =
  | { kind: 'all' | 'any'; path: string; parts: Part[] }
  | { kind: 'not'; path: string; part: Part }
  /** `level`: how many joins it stands within. */
  | { kind: 'named'; path: string; name: string; level: number }
  | { kind: 'comparison'; path: string; comparison: LooseComparison }
  /** Too deep inside to be looked at. */
  | { kind: 'too deep'; path: string; raw: unknown }
  /** Not of any form; the schema says why. */
  | { kind: 'broken'; path: string };

const joinSchema = z.union([z.object({ all: z.array(z.unknown()) }), z.object({ any: z.array(z.unknown()) })]);
const notSchema = z.object({ not: z.unknown() });
const namedSchema = z.object({ condition: conditionNameSchema });

/** Reads conditions at a JSON pointer, down to the deepest level that is allowed. */
export function readPart(raw: unknown, path: string, level = 0): Part {
  if (typeof raw !== 'object' || raw === null) return { kind: 'broken', path };
  const isJoin = 'all' in raw || 'any' in raw || 'not' in raw;
  if (isJoin && level >= MOST_LEVELS) return { kind: 'too deep', path, raw };
  const join = joinSchema.safeParse(raw).data;
  if (join) {
    const [kind, inner] = 'all' in join ? (['all', join.all] as const) : (['any', join.any] as const);
    return { kind, path, parts: inner.map((part, index) => readPart(part, `${path}/${kind}/${index}`, level + 1)) };
  }
  const not = notSchema.safeParse(raw).data;
  if (not && 'not' in raw) return { kind: 'not', path, part: readPart(not.not, `${path}/not`, level + 1) };
  const named = namedSchema.safeParse(raw).data;
  if (named) return { kind: 'named', path, name: named.condition, level };
  const isComparison = ['fact', 'operator', 'value'].some((field) => field in raw);
  return isComparison ? { kind: 'comparison', path, comparison: readComparison(raw) } : { kind: 'broken', path };
}

/** Every place in a tree, outer ones first. */
export function* everyPart(part: Part): Generator<Part> {
  yield part;
  if (part.kind === 'not') yield* everyPart(part.part);
  if (part.kind === 'all' || part.kind === 'any') for (const inner of part.parts) yield* everyPart(inner);
}

/** The same conditions without what is nested too deeply: what recurses over them then has enough stack. */
export function pruned(raw: unknown, level = 0): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const joins = ['all', 'any', 'not'].filter((field) => Object.hasOwn(raw, field));
  if (joins.length > 0 && level >= MOST_LEVELS) return { condition: 'tooDeep' };
  const inner = joins.map((field) => {
    const value: unknown = Reflect.get(raw, field);
    return [field, Array.isArray(value) ? value.map((part) => pruned(part, level + 1)) : pruned(value, level + 1)];
  });
  return { ...raw, ...Object.fromEntries(inner) };
}
