// From observed values to readings: ids that are the same each time the same message comes, values in the city's units.
import { createHash } from 'node:crypto';

import type { FlowReading } from '../../engine/model/link.ts';
import { normalise } from '../../engine/model/reading.ts';
import type { Problem } from '../../engine/model/result.ts';

/** The longest id that a reading may have, in characters. */
const LONGEST_ID = 200;

/** One value as a source sent it. */
export interface Observed {
  property: string;
  raw: unknown;
  /** What the source says it sent; the property's own unit when absent. */
  unit?: string | undefined;
  /** JSON pointer to the value in the payload. */
  path: string;
}

/** What all values of one message share. */
export interface MessageFrame {
  asset: string;
  /** The source's own id of the message, or `hashOf` of it. */
  messageId: string;
  /** Milliseconds since the epoch. */
  observedAt: number;
  quality: FlowReading['quality'];
}

/** What came out of a message: readings, and what could not be understood, by its place in the payload. */
export interface Decoded {
  readings: FlowReading[];
  problems: Problem[];
}

/** Nothing understood, for these reasons. */
export const nothingBut = (...problems: Problem[]): Decoded => ({ readings: [], problems });

/** Brings each value to its property's unit. A value that does not fit is a problem and stops none of the others. */
export function toReadings(frame: MessageFrame, values: readonly Observed[]): Decoded {
  const decoded: Decoded = { readings: [], problems: [] };
  for (const { property, raw, unit, path } of values) {
    const outcome = normalise(property, raw, unit);
    if ('code' in outcome) decoded.problems.push({ ...outcome, path });
    else
      decoded.readings.push({
        id: readingId(frame.asset, frame.messageId, property),
        asset: frame.asset,
        property,
        ...outcome,
        observedAt: frame.observedAt,
        quality: frame.quality,
      });
  }
  return decoded;
}

/**
 * A reading's id. Devices number their messages each for itself, so the asset is part of it.
 *
 * @returns `<asset>/<message>/<property>`, or its hash when that is longer than an id may be
 */
export function readingId(asset: string, messageId: string, property: string): string {
  const id = `${asset}/${messageId}/${property}`;
  return id.length <= LONGEST_ID ? id : hashOf(id);
}

/** Stands in for an id that the source did not give: the same parts make the same 32 hexadecimal digits. */
export const hashOf = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
