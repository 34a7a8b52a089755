// What the rules node takes: readings that a flow made itself, one or many.
import type { FlowReading } from '../../engine/model/link.ts';
import { assetIdSchema, nameSchema } from '../../engine/model/names.ts';
import { qualitySchema } from '../../engine/model/reading.ts';
import { problem, type Problem } from '../../engine/model/result.ts';
import { parseTime } from '../lib/entity.ts';
import { fieldOf, readPayload } from '../lib/payload.ts';
import { hashOf, nothingBut, toReadings, type Decoded } from '../lib/reading.ts';

/** The longest id that a reading may bring along, in characters. */
const LONGEST_ID = 200;

/**
 * Reads `{asset, property, value}` or an array of them; `unit`, `observedAt` (milliseconds since the epoch, or ISO 8601
 * with an offset), `quality` and `id` may be added.
 *
 * @param now the time of observation of readings that state none, milliseconds since the epoch: the flow made them now
 */
export function decodeReadings(payload: unknown, now: number): Decoded {
  const read = readPayload(payload);
  if (!read.ok) return nothingBut(...read.problems);
  if (!Array.isArray(read.value)) return decodeReading(read.value, now);
  const all: Decoded = { readings: [], problems: [] };
  for (const [index, each] of read.value.entries()) {
    const one = readPayload(each);
    const decoded = one.ok ? decodeReading(one.value, now) : nothingBut(...one.problems);
    all.readings.push(...decoded.readings);
    all.problems.push(...decoded.problems.map((found) => ({ ...found, path: `/${index}${found.path}` })));
  }
  return all;
}

function decodeReading(reading: object, now: number): Decoded {
  const asset = assetIdSchema.safeParse(fieldOf(reading, 'asset'));
  const property = nameSchema.safeParse(fieldOf(reading, 'property'));
  const quality = qualitySchema.default('good').safeParse(fieldOf(reading, 'quality'));
  const observedAt = timeOf(fieldOf(reading, 'observedAt'), now);
  const wrong = (field: string, allowed: string): Problem[] => [
    problem('payload-reading', `/${field}`, fieldOf(reading, field), allowed),
  ];
  if (!asset.success || !property.success || !quality.success || observedAt === undefined)
    return nothingBut(
      ...(asset.success ? [] : wrong('asset', 'needed is an asset’s id, urn:ngsi-ld:<Type>:<name>')),
      ...(property.success ? [] : wrong('property', 'needed is a property’s name such as occupancy')),
      ...(quality.success ? [] : wrong('quality', 'allowed is good, uncertain or bad')),
      ...(observedAt === undefined ? wrong('observedAt', 'allowed is milliseconds since 1970, or ISO 8601') : []),
    );
  const unit = fieldOf(reading, 'unit');
  const raw = fieldOf(reading, 'value');
  const messageId = hashOf(asset.data, property.data, raw, observedAt);
  const decoded = toReadings({ asset: asset.data, messageId, observedAt, quality: quality.data }, [
    { property: property.data, raw, unit: typeof unit === 'string' ? unit : undefined, path: '/value' },
  ]);
  return { ...decoded, readings: decoded.readings.map((made) => withOwnId(made, fieldOf(reading, 'id'))) };
}

/** A reading that a sensor node sent on keeps its id, so that feeding it again adds nothing. */
const withOwnId = (made: FlowReading, id: unknown): FlowReading =>
  typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? { ...made, id } : made;

function timeOf(stated: unknown, now: number): number | undefined {
  if (stated === undefined) return now;
  if (typeof stated === 'number') return Number.isInteger(stated) && stated >= 0 ? stated : undefined;
  return parseTime(stated);
}
