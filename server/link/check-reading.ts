// Checks one reading that a flow handed over, as if it came from a stranger.
import { check } from '../../engine/model/check.ts';
import { flowReadingSchema } from '../../engine/model/link.ts';
import { FUTURE_MS, normalise, type Reading } from '../../engine/model/reading.ts';
import { describeProblems, problem, type Problem } from '../../engine/model/result.ts';
import type { AssetDirectory } from '../asset-directory.ts';

/** Who hands readings over, and when. */
export interface ReadingContext {
  department: string;
  directory: AssetDirectory;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * @returns the reading as the log takes it (the property's own unit, `receivedAt`, `source`), or why it is refused:
 *   `schema`, `unknown-asset`, `foreign-asset`, `reading-unit`, `reading-value`
 */
export function checkReading(raw: unknown, { department, directory, now }: ReadingContext): Reading | Problem {
  const checked = check(flowReadingSchema, raw);
  if (!checked.ok) return { code: 'schema', path: '', message: describeProblems(checked.problems) };
  const { unit: sentUnit, ...reading } = checked.value;
  const asset = directory.get(reading.asset);
  if (!asset) return problem('unknown-asset', '/asset', reading.asset, 'allowed is the id of an asset that exists');
  if (asset.department !== department)
    return problem('foreign-asset', '/asset', reading.asset, `allowed are assets of ${department}`);
  const normal = normalise(reading.property, reading.value, sentUnit);
  if ('code' in normal) return normal;
  return { ...reading, ...normal, receivedAt: now, source: `flow:${department}` };
}

/** What to tell the sender of a reading from the future, which the engine takes as a sign that its clock cannot be trusted. */
export function whyAhead({ observedAt, receivedAt }: Reading): Problem | undefined {
  const latest = receivedAt + FUTURE_MS;
  if (observedAt <= latest) return undefined;
  return problem('observed-in-future', '/observedAt', observedAt, `allowed is up to ${latest}`);
}

/** Tells a refusal from a reading. */
export const isProblem = (outcome: Reading | Problem): outcome is Problem => 'code' in outcome;
