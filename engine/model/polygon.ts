// Areas of the map: GeoJSON polygons, and which places lie within.
import { z } from 'zod';

/** The most corners of one ring: what people draw has far fewer. */
const MOST_CORNERS = 1_000;

/** Longitude before latitude (RFC 7946), in degrees. */
const positionSchema = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
  .describe('Longitude, latitude, in degrees.');
type Position = z.infer<typeof positionSchema>;

const ringSchema = z
  .array(positionSchema)
  .min(4, 'a ring has at least 4 positions, the last the same as the first')
  .max(MOST_CORNERS)
  .refine(
    (ring) => ring[0]?.[0] === ring.at(-1)?.[0] && ring[0]?.[1] === ring.at(-1)?.[1],
    'a ring ends where it begins: its last position is the same as its first',
  );

/**
 * A GeoJSON Polygon (RFC 7946, section 3.1.6): an outer ring, and rings of holes in it.
 * One across the 180th meridian is not understood: RFC 7946 says to cut it there.
 */
export const polygonSchema = z
  .strictObject({
    type: z.literal('Polygon').describe('Always Polygon.'),
    coordinates: z.array(ringSchema).min(1).max(32).describe('The outer ring, then the rings of its holes.'),
  })
  .meta({
    title: 'Polygon',
    description: 'An area of the map, as GeoJSON writes it: longitude before latitude, each ring closed.',
    examples: [
      {
        type: 'Polygon',
        coordinates: [
          [
            [24.93, 60.16],
            [24.97, 60.16],
            [24.97, 60.18],
            [24.93, 60.16],
          ],
        ],
      },
    ],
  });
export type Polygon = z.infer<typeof polygonSchema>;

/** Does the place lie within the outer ring and in none of the holes? The edge belongs to the polygon. */
export function isWithin({ coordinates }: Polygon, place: Position): boolean {
  const [outer = [], ...holes] = coordinates;
  if (isOnEdge(outer, place) || holes.some((hole) => isOnEdge(hole, place))) return true;
  return surrounds(outer, place) && !holes.some((hole) => surrounds(hole, place));
}

/** A ray to the east crosses the ring an odd number of times. */
function surrounds(ring: readonly Position[], [x, y]: Position): boolean {
  let isInside = false;
  for (const [[fromX, fromY], [toX, toY]] of sidesOf(ring)) {
    // Of two sides that meet at the ray's height only the one that goes on upwards counts.
    if (fromY > y === toY > y) continue;
    if (x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) isInside = !isInside;
  }
  return isInside;
}

function isOnEdge(ring: readonly Position[], [x, y]: Position): boolean {
  for (const [[fromX, fromY], [toX, toY]] of sidesOf(ring)) {
    const isOnLine = (toX - fromX) * (y - fromY) === (toY - fromY) * (x - fromX);
    const isBetween =
      x >= Math.min(fromX, toX) && x <= Math.max(fromX, toX) && y >= Math.min(fromY, toY) && y <= Math.max(fromY, toY);
    if (isOnLine && isBetween) return true;
  }
  return false;
}

function* sidesOf(ring: readonly Position[]): Generator<[Position, Position]> {
  for (const [index, to] of ring.entries()) {
    const from = ring[index - 1];
    if (from) yield [from, to];
  }
}
