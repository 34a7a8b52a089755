// Decodes the field contract's own telemetry (docs/field-contract.md), for any property of any asset.
import { check } from '../../engine/model/check.ts';
import { telemetrySchema } from '../../engine/model/field.ts';
import { fieldOf } from './payload.ts';
import { hashOf, nothingBut, toReadings, type Decoded } from './reading.ts';

/** What a decoder knows besides the payload. */
export interface DecodeContext {
  topic: string;
  /** The asset that the node's form names, for messages that name none. */
  asset?: string | undefined;
}

/** Is it meant as native telemetry? What has readings is; entities of other models have a `type`. */
export const isTelemetry = (payload: object): boolean => 'readings' in payload;

/**
 * Decodes one telemetry message.
 *
 * @returns its readings in the city's units. A message of wrong form gives problems only; a single value that does not
 * fit gives a problem and leaves the others. What the sender left out stays out: no zero is invented for it.
 */
export function decodeTelemetry(payload: object, { topic, asset }: DecodeContext): Decoded {
  const named = fieldOf(payload, 'asset') === undefined && asset !== undefined ? { ...payload, asset } : payload;
  const telemetry = check(telemetrySchema, named);
  if (!telemetry.ok) return nothingBut(...telemetry.problems);
  const { id, readings, units, quality, observedAt } = telemetry.value;
  const frame = {
    asset: telemetry.value.asset,
    messageId: id ?? hashOf(telemetry.value.asset, topic, readings, observedAt),
    observedAt: Date.parse(observedAt),
    quality,
  };
  return toReadings(
    frame,
    Object.entries(readings).map(([property, raw]) => ({
      property,
      raw,
      unit: units[property],
      path: `/readings/${property}`,
    })),
  );
}
