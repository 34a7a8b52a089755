// The grammar of "of": whose fact or point is meant, seen from the asset that a rule stands for.
import { assetIdSchema, nameSchema } from './names.ts';

/** What an `of` means. */
export type Of =
  | { kind: 'self' }
  /** One relation after the other, seen from the asset. */
  | { kind: 'relations'; relations: string[] }
  /** Every asset of a type within this distance, itself not. */
  | { kind: 'near'; metres: number; type: string }
  /** Every asset of a type in a zone. */
  | { kind: 'zone'; zone: string; type: string }
  /** One asset by its id. */
  | { kind: 'asset'; id: string };

/** Every form with what it means: the page of documentation and messages are made of it. */
export const OF_FORMS: Readonly<Record<string, string>> = {
  self: 'the asset that the rule stands for; the default',
  approach: 'the assets of a relation; with "each", the one related asset',
  'approach/detectors': 'the relations of related assets, at most four steps',
  'near:50m/Streetlight': 'every asset of a type within this many metres, the asset itself not',
  'zone:river-path/LightSensor': 'every asset of a type in a zone',
  'urn:ngsi-ld:WeatherStation:harbour': 'one asset, by its id',
};

const MOST_RELATIONS = 4;
const NEAR = /^near:(\d+(?:\.\d+)?)m\/([A-Z][A-Za-z0-9]*)$/;
const ZONE = /^zone:([A-Za-z][\w-]*)\/([A-Z][A-Za-z0-9]*)$/;

/** Reads an `of`; undefined when it is none of `OF_FORMS`. */
export function parseOf(text: string): Of | undefined {
  if (text === 'self') return { kind: 'self' };
  const [, metres, nearType] = NEAR.exec(text) ?? [];
  if (nearType !== undefined)
    return Number(metres) > 0 ? { kind: 'near', metres: Number(metres), type: nearType } : undefined;
  const [, zone, zoneType] = ZONE.exec(text) ?? [];
  if (zone !== undefined && zoneType !== undefined) return { kind: 'zone', zone, type: zoneType };
  if (assetIdSchema.safeParse(text).success) return { kind: 'asset', id: text };
  const relations = text.split('/');
  const areNames = relations.every((relation) => relation !== 'self' && nameSchema.safeParse(relation).success);
  return areNames && relations.length <= MOST_RELATIONS ? { kind: 'relations', relations } : undefined;
}
