// Decodes a message: native telemetry or the entities that a sensor knows, one or many in one message.
import { problem } from '../../engine/model/result.ts';
import { fieldOf, readPayload } from './payload.ts';
import { nothingBut, type Decoded } from './reading.ts';
import { decodeTelemetry, isTelemetry, type DecodeContext } from './telemetry.ts';

/** Decodes one entity of a known type. */
export type EntityDecoder = (entity: object, context: DecodeContext) => Decoded;

/**
 * Decodes a payload.
 *
 * @param payload an object, an array of them, or JSON text of either
 * @param entities the entity types that the sensor knows besides native telemetry
 */
export function decodePayload(
  payload: unknown,
  context: DecodeContext,
  entities: Readonly<Record<string, EntityDecoder>>,
): Decoded {
  const read = readPayload(payload);
  const decoded = read.ok ? decodeAll(read.value, context, entities) : nothingBut(...read.problems);
  return decoded.readings.length + decoded.problems.length > 0 ? decoded : nothingBut(NOTHING);
}

/** A message without a single value would otherwise vanish without a trace. */
const NOTHING = problem('payload-empty', '', undefined, 'needed is at least one value that the city knows');

function decodeAll(
  payload: object,
  context: DecodeContext,
  entities: Readonly<Record<string, EntityDecoder>>,
): Decoded {
  if (!Array.isArray(payload)) return decodeOne(payload, context, entities);
  const all: Decoded = { readings: [], problems: [] };
  for (const [index, each] of payload.entries()) {
    const one = readPayload(each);
    const decoded = one.ok ? decodeOne(one.value, context, entities) : nothingBut(...one.problems);
    all.readings.push(...decoded.readings);
    all.problems.push(...decoded.problems.map((found) => ({ ...found, path: `/${index}${found.path}` })));
  }
  return all;
}

function decodeOne(
  payload: object,
  context: DecodeContext,
  entities: Readonly<Record<string, EntityDecoder>>,
): Decoded {
  if (isTelemetry(payload)) return decodeTelemetry(payload, context);
  const type = fieldOf(payload, 'type');
  const decode = typeof type === 'string' && Object.hasOwn(entities, type) ? entities[type] : undefined;
  if (decode) return decode(payload, context);
  const allowed = `allowed is ${Object.keys(entities).join(' or ')}, or telemetry with asset, observedAt and readings`;
  return nothingBut(problem('payload-type', '/type', type, allowed));
}
