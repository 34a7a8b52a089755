// Small builders for tests that need assets and readings.
import { assetSchema, type Asset } from '../model/asset.ts';
import type { Reading } from '../model/reading.ts';
import { readingSchema } from '../model/reading.ts';

/** The id of an asset: `Detector:d1` → `urn:ngsi-ld:Detector:d1`. */
export const urn = (name: string): string => `urn:ngsi-ld:${name}`;

/** An asset of the department traffic, by its short name `Type:name`. */
export const asset = (name: string, fields: Record<string, unknown> = {}): Asset =>
  assetSchema.parse({ id: urn(name), type: name.split(':')[0], title: name, department: 'traffic', ...fields });

/** A good reading of `<Type:name>/<property>`, its id made of what it says. */
export function reading(
  of: string,
  value: Reading['value'],
  observedAt: number,
  fields: Partial<Reading> = {},
): Reading {
  const [name = '', property = ''] = of.split('/');
  const id = `${of}@${observedAt}`;
  return readingSchema.parse({
    id,
    asset: urn(name),
    property,
    value,
    observedAt,
    receivedAt: observedAt,
    source: 'flow:traffic',
    ...fields,
  });
}
