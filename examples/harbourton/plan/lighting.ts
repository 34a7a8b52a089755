// The lighting department's things: 120 lamps in three streets, their cabinets, light and motion sensors.
import { HARBOUR_STREET, MARKET_SQUARE, RIVER_PATH, lengthOf, pointAt, spotAlong, type Street } from './map.ts';
import type { AssetText } from './asset-text.ts';

/** A street with one cabinet. */
interface LitStreet {
  zone: string;
  title: string;
  street: Street;
  watts: number;
  /** The numbers of its lamps at crossings. */
  crossings: number[];
  /** Cabinets of three makes: one knows leases, one only that its line is dead, one latches. */
  afterDeath?: 'returns on link loss' | 'stays';
}

/** The three streets and their lamps. */
const STREETS: readonly LitStreet[] = [
  { zone: 'river-path', title: 'River Path', street: RIVER_PATH, watts: 40, crossings: [1, 40] },
  {
    zone: 'harbour-street',
    title: 'Harbour Street',
    street: HARBOUR_STREET,
    watts: 75,
    crossings: [14, 15, 26, 27],
    afterDeath: 'returns on link loss',
  },
  {
    zone: 'market-square',
    title: 'Market Square',
    street: MARKET_SQUARE,
    watts: 60,
    crossings: [5, 6],
    afterDeath: 'stays',
  },
];
/** Least average light on the ground in lux of the C classes, for crossings and junctions (EN 13201-2). */
const CLASS_LUX = { C0: 50, C1: 30, C2: 20, C3: 15, C4: 10, C5: 7.5 } as const;
/** A crossing's class at night, and what its lamps give at full level when their glass is dirty. */
const CROSSING = { lightingClass: 'C2', luxAtFull: 32 } as const;
const LAMPS_PER_STREET = 40;
const MOTION_SENSORS = 8;

/** All assets of the lighting department's streets. */
export const lightingAssets = (): AssetText[] => STREETS.flatMap(streetAssets);

function streetAssets(lit: LitStreet): AssetText[] {
  const lamps = Array.from({ length: LAMPS_PER_STREET }, (_, index) => lamp(lit, index + 1));
  const sensors = lit.zone === 'river-path' ? motionSensors(lit) : [];
  return [cabinet(lit), lightSensor(lit), ...sensors, ...lamps];
}

const cabinetId = (zone: string): string => `urn:ngsi-ld:StreetlightControlCabinet:${zone}`;
const deviceOf = (zone: string) => ({ adapter: 'mqtt', device: `cabinet-${zone}` }) as const;

function cabinet({ zone, title, street }: LitStreet): AssetText {
  return {
    id: cabinetId(zone),
    type: 'StreetlightControlCabinet',
    title: `${title}, cabinet`,
    department: 'lighting',
    zone,
    location: pointAt(spotAlong(street, 10)),
    reports: { activePower: { every: '20 s' }, door: { onChange: true, heartbeat: '20 s' } },
    binding: deviceOf(zone),
  };
}

function lightSensor({ zone, title, street }: LitStreet): AssetText {
  return {
    id: `urn:ngsi-ld:LightSensor:${zone}`,
    type: 'LightSensor',
    title: `${title}, light sensor`,
    department: 'lighting',
    zone,
    location: pointAt(spotAlong(street, lengthOf(street) / 2)),
    parent: cabinetId(zone),
    reports: { illuminance: { every: '10 s' } },
    binding: deviceOf(zone),
  };
}

function motionSensors({ zone, title, street }: LitStreet): AssetText[] {
  const stepM = lengthOf(street) / MOTION_SENSORS;
  return Array.from({ length: MOTION_SENSORS }, (_, index) => ({
    id: `urn:ngsi-ld:MotionSensor:${zone}-${index + 1}`,
    type: 'MotionSensor',
    title: `${title}, motion ${index + 1}`,
    department: 'lighting',
    zone,
    location: pointAt(spotAlong(street, (index + 0.5) * stepM)),
    parent: cabinetId(zone),
    attributes: { alongM: Math.round((index + 0.5) * stepM) },
    reports: { motion: { onChange: true, heartbeat: '20 s' } },
    binding: deviceOf(zone),
  }));
}

function lamp({ zone, title, street, watts, crossings, afterDeath }: LitStreet, number: number): AssetText {
  const stepM = lengthOf(street) / LAMPS_PER_STREET;
  const crossing = crossings.includes(number);
  return {
    id: `urn:ngsi-ld:Streetlight:${zone}-${number}`,
    type: 'Streetlight',
    title: `${title}, lamp ${number}`,
    department: 'lighting',
    zone,
    ...(crossing ? { tags: ['crossing'] } : {}),
    location: pointAt(spotAlong(street, (number - 0.5) * stepM)),
    parent: cabinetId(zone),
    attributes: { watts, ...(crossing ? { crossing: true, ...CROSSING, classMinimum: classMinimum() } : {}) },
    reports: {
      activePower: { every: '20 s' },
      lampFailure: { onChange: true, heartbeat: '20 s' },
      // Whether it is night is for the lamp's own photocell to say: no flow and no other sensor has a word in it.
      ...(crossing ? { illuminance: { every: '20 s' } } : {}),
    },
    points: { level: afterDeath === undefined ? {} : { afterDeath } },
    binding: deviceOf(zone),
  };
}

/** The level at which a crossing's lamps still give what its class asks for, rounded up to whole percent. */
const classMinimum = (): number => Math.ceil((100 * CLASS_LUX[CROSSING.lightingClass]) / CROSSING.luxAtFull) / 100;
