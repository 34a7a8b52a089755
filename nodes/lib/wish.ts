// What a message asks of a point: a value with or without a ramp, or its release.
import { parseDuration } from '../../engine/model/duration.ts';
import { POINTS } from '../../engine/model/points.ts';
import { ok, problem, refused, type Problem, type Result } from '../../engine/model/result.ts';
import { misfit, valueSchema, type Value, type ValueType } from '../../engine/model/value.ts';

/** A checked wish. */
export type Wish = { value: Value; rampSeconds: number } | { release: true };

/** What the point of an asset type takes, as the city declares it. Throws when there is no such point. */
export function valueTypeOf(assetType: string, point: string): ValueType {
  const declared = POINTS[assetType]?.[point];
  if (!declared) throw new RangeError(`${assetType} has no point ${point}`);
  return declared.value;
}

/** The longest ramp, in seconds. */
const LONGEST_RAMP_SECONDS = 3_600;

/**
 * Reads a wish.
 *
 * @param payload the value itself, `{"value": 0.8, "ramp": "2 s"}`, or `{"release": true}`
 * @param type what the point takes; nothing is converted, so that 80 is never taken for 0.8 or the other way round
 */
export function readWish(payload: unknown, type: ValueType): Result<Wish> {
  if (typeof payload !== 'object' || payload === null) return wishOf({ value: payload }, type, '');
  if ('release' in payload) return releaseOf(payload);
  return wishOf(payload, type, '/value');
}

function releaseOf(payload: object): Result<Wish> {
  const others = Object.keys(payload).filter((key) => key !== 'release');
  if (Reflect.get(payload, 'release') === true && others.length === 0) return ok({ release: true });
  return refused(problem('payload-value', '', payload, 'allowed is {"release": true} by itself'));
}

function wishOf(payload: object, type: ValueType, path: string): Result<Wish> {
  const unknown = Object.keys(payload).filter((key) => key !== 'value' && key !== 'ramp');
  const problems = unknown.map((key) =>
    problem('payload-value', `/${key}`, Reflect.get(payload, key), 'allowed is value, ramp or release'),
  );
  const value = valueSchema.safeParse(Reflect.get(payload, 'value'));
  const wrong = misfit(type, value.data);
  if (wrong !== undefined) problems.push(problem('payload-value', path, Reflect.get(payload, 'value'), wrong));
  const ramp = rampOf(Reflect.get(payload, 'ramp'));
  if (!ramp.ok) problems.push(...ramp.problems);
  const [first, ...rest] = problems;
  if (first) return refused(first, ...rest);
  return value.success && ramp.ok ? ok({ value: value.data, rampSeconds: ramp.value }) : refused(UNREADABLE);
}

const UNREADABLE: Problem = problem('payload-value', '', undefined, 'needed is a value');

function rampOf(ramp: unknown): Result<number> {
  if (ramp === undefined) return ok(0);
  const parsed = typeof ramp === 'string' ? parseDuration(ramp) : undefined;
  if (parsed?.ok && parsed.value <= LONGEST_RAMP_SECONDS * 1_000) return ok(parsed.value / 1_000);
  return refused(problem('payload-ramp', '/ramp', ramp, 'allowed is a duration such as "2 s", at most 1 h'));
}
