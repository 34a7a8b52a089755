// What entities of the Smart Data Models have in common (key-values form): whose they are, when they hold, their values.
import { assetIdSchema } from '../../engine/model/names.ts';
import { problem, type Problem } from '../../engine/model/result.ts';
import { fieldOf } from './payload.ts';
import { hashOf, nothingBut, toReadings, type Decoded, type Observed } from './reading.ts';
import type { DecodeContext } from './telemetry.ts';

/** A stretch of time; both ends in milliseconds since the epoch, equal for an instant. */
export interface Period {
  from: number;
  to: number;
}

/** What a decoder found in an entity. */
export interface EntityParts {
  asset: string | undefined;
  period: Period | undefined;
  values: Observed[];
  problems?: Problem[];
}

/** ISO 8601 with an offset or Z, as the wire needs it. */
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
/** The same without an offset; the models say that such a time is UTC. */
const WITHOUT_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/** Milliseconds since the epoch, or undefined when it is no ISO 8601 time. */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const whole = WITHOUT_OFFSET.test(text) ? `${text}Z` : text;
  const instant = WITH_OFFSET.test(whole) ? Date.parse(whole) : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/** The first of these fields that holds a time, or an interval written `<from>/<to>`. */
export function periodOf(entity: object, ...fields: string[]): Period | undefined {
  for (const field of fields) {
    const text = fieldOf(entity, field);
    const [first, last] = typeof text === 'string' ? text.split('/') : [];
    const from = parseTime(first);
    const to = last === undefined ? from : parseTime(last);
    if (from !== undefined && to !== undefined && to >= from) return { from, to };
  }
  return undefined;
}

/** The first asset id among the given, or undefined. */
export const firstAsset = (...candidates: unknown[]): string | undefined =>
  candidates.flat().find((one): one is string => assetIdSchema.safeParse(one).success);

/** Takes those of `properties` that the entity has: field of the entity → property of the city. */
export const valuesOf = (entity: object, properties: Readonly<Record<string, string>>): Observed[] =>
  Object.entries(properties)
    .filter(([field]) => fieldOf(entity, field) !== undefined && fieldOf(entity, field) !== null)
    .map(([field, property]) => ({ property, raw: fieldOf(entity, field), path: `/${field}` }));

/** Readings of an entity's parts, or what is missing. A time is never made up. */
export function decodeEntity(entity: object, parts: EntityParts, { topic }: DecodeContext): Decoded {
  const missing: Problem[] = [];
  if (parts.asset === undefined)
    missing.push(
      problem('payload-asset', '/id', fieldOf(entity, 'id'), 'needed is an asset’s id, here or in the node’s form'),
    );
  if (parts.period === undefined)
    missing.push(problem('payload-time', '', undefined, 'needed is the time of observation, ISO 8601 with an offset'));
  if (parts.asset === undefined || parts.period === undefined) return nothingBut(...missing);
  const observedAt = parts.period.to;
  const messageId = hashOf(parts.asset, topic, entity, observedAt);
  const decoded = toReadings({ asset: parts.asset, messageId, observedAt, quality: 'good' }, parts.values);
  return { ...decoded, problems: [...(parts.problems ?? []), ...decoded.problems] };
}
