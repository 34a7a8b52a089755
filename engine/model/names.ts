// How things are called: departments, assets, documents, readings. One grammar each.
import { z } from 'zod';

/** A department's short name: `traffic`, `lighting`, `waste`. Lower case, 2 to 32 characters. */
export const departmentSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,31}$/,
    'a department is 2 to 32 lower-case letters, digits and hyphens, beginning with a letter',
  )
  .meta({ title: 'Department', examples: ['traffic', 'lighting', 'waste'] });

/** An asset's URN: `urn:ngsi-ld:<Type>:<name>`, as Smart Data Models name entities. */
export const assetIdSchema = z
  .string()
  .max(128)
  .regex(/^urn:ngsi-ld:[A-Z][A-Za-z0-9]*:[A-Za-z0-9][A-Za-z0-9._-]*$/, 'an asset id is urn:ngsi-ld:<Type>:<name>')
  .meta({ title: 'Asset id', examples: ['urn:ngsi-ld:Streetlight:river-path-17'] });

/** A rule's or another document's id: `<department>/<name>`. */
export const documentIdSchema = z
  .string()
  .max(96)
  .regex(
    /^[a-z][a-z0-9-]{1,31}\/[a-z0-9][a-z0-9-]*$/,
    'a document id is <department>/<name> in lower-case letters, digits and hyphens',
  )
  .meta({ title: 'Document id', examples: ['traffic/queue-relief'] });

/** The name of a property, point, relation, attribute or tag: camelCase or kebab-case, at most 64 characters. */
export const nameSchema = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'a name is 1 to 64 letters, digits, _ or -, beginning with a letter');

/** The type part of an asset's URN. */
export const typeOfUrn = (assetId: string): string => assetId.split(':')[2] ?? '';

/** A point's address in the city: `<asset id>#<point>`. */
export type PointKey = string;

/** Puts a point's address together. */
export const pointKey = (asset: string, point: string): PointKey => `${asset}#${point}`;

/** Takes a point's address apart. */
export function splitPointKey(key: PointKey): { asset: string; point: string } {
  const at = key.lastIndexOf('#');
  return { asset: key.slice(0, at), point: key.slice(at + 1) };
}
