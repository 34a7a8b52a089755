// The things of a chaos town: many actuators, each with a device of its own and a number to be brought to.
import { assetSchema, type Asset } from '../../engine/model/asset.ts';
import { pointKey } from '../../engine/model/names.ts';

/** The department that owns everything. */
export const DEPARTMENT = 'lighting';
/** The one point of each actuator. */
export const POINT = 'output';
/** How many actuators the load moves: so many that most commands are proven before the next wish for their point comes. */
export const LOADED_DEVICES = 1_500;
/** Some more are for other uses, and behave. */
export const DEVICES = LOADED_DEVICES + 3;
/** The one that flows try out. */
export const SPARE_DEVICE = LOADED_DEVICES + 1;
/** The one that a person takes by hand. */
export const HAND_DEVICE = LOADED_DEVICES + 2;
/** How long a command stays worth anything, in milliseconds. */
export const NOT_AFTER_MS = 10_000;

/** The device of an actuator. */
export const deviceName = (index: number): string => `chaos-${index}`;
/** The point that the load asks for. */
export const pointOfDevice = (index: number): string => pointKey(assetId(index), POINT);
/** The actuator's number, by its point. */
export const indexOfPoint = (point: string): number => Number(/-(\d+)#/.exec(point)?.[1]);

/** @param provenWithinMs the time from `sent` to the proof */
export const actuators = (provenWithinMs: number): Asset[] =>
  Array.from({ length: DEVICES }, (_, index) => actuator(index, provenWithinMs));

const assetId = (index: number): string => `urn:ngsi-ld:Actuator:chaos-${index}`;

function actuator(index: number, provenWithinMs: number): Asset {
  return assetSchema.parse({
    id: assetId(index),
    type: 'Actuator',
    title: `Actuator ${index}`,
    department: DEPARTMENT,
    binding: { adapter: 'mqtt', device: deviceName(index) },
    points: {
      [POINT]: {
        value: { type: 'number', unit: '1', min: 0, max: 1_000_000_000, integer: true },
        safe: { release: true },
        afterDeath: 'stays',
        notAfter: `${NOT_AFTER_MS / 1_000} s`,
        provenWithin: `${provenWithinMs / 1_000} s`,
      },
    },
  });
}
