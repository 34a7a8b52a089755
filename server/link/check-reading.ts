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
 *   `schema`, `unknown-asset`, `foreign-asset`, `observed-in-future`, `reading-unit`, `reading-value`
 */
export function checkReading(raw: unknown, { department, directory, now }: ReadingContext): Reading | Problem {
  const checked = check(flowReadingSchema, raw);
  if (!checked.ok) return { code: 'schema', path: '', message: describeProblems(checked.problems) };
  const { unit: sentUnit, ...reading } = checked.value;
  const asset = directory.get(reading.asset);
  if (!asset) return problem('unknown-asset', '/asset', reading.asset, 'allowed is the id of an asset that exists');
  if (asset.department !== department)
    return problem('foreign-asset', '/asset', reading.asset, `allowed are assets of ${department}`);
  if (reading.observedAt > now + FUTURE_MS)
    return problem('observed-in-future', '/observedAt', reading.observedAt, `allowed is up to ${now + FUTURE_MS}`);
  const normal = normalise(reading.property, reading.value, sentUnit);
  if ('code' in normal) return normal;
  return { ...reading, ...normal, receivedAt: now, source: `flow:${department}` };
}

/** Tells a refusal from a reading. */
export const isProblem = (outcome: Reading | Problem): outcome is Problem => 'code' in outcome;
