// The traffic department's things: six signal controllers, their approaches and detectors.
import { pointAt, type Spot } from './map.ts';
import type { AssetText } from './asset-text.ts';

/** Where the junctions are and what they are called. */
const JUNCTIONS: readonly { name: string; title: string; spot: Spot; zone?: string }[] = [
  { name: 'J1', title: 'Ferry Terminal', spot: { eastM: -620, northM: 20 }, zone: 'harbour-street' },
  { name: 'J2', title: 'Custom House', spot: { eastM: -240, northM: 90 }, zone: 'harbour-street' },
  { name: 'J3', title: 'Market Square South', spot: { eastM: -310, northM: 375 }, zone: 'market-square' },
  { name: 'J4', title: 'Old Bridge', spot: { eastM: 30, northM: 30 }, zone: 'harbour-street' },
  { name: 'J5', title: 'Fish Market', spot: { eastM: 420, northM: 110 }, zone: 'harbour-street' },
  { name: 'J6', title: 'Mill Road', spot: { eastM: 190, northM: 1_060 } },
];

/** The four sides, the way out of the junction, and the relief plan that favours the traffic from there. */
const SIDES = [
  { side: 'north', east: 0, north: 1, reliefPlan: 2 },
  { side: 'east', east: 1, north: 0, reliefPlan: 3 },
  { side: 'south', east: 0, north: -1, reliefPlan: 4 },
  { side: 'west', east: -1, north: 0, reliefPlan: 5 },
] as const;

/** Signal groups 1 to 4 serve the sides in this order: those of one street conflict with those of the other. */
const CONFLICTS = '1-2 1-4 2-3 3-4';

/** Whose emergency routes go first: the fire station lies to the north, the hospital to the south. */
const FIRST_ROUTES = [1, 3, 2, 4];

/** Main roads have a second detector further out, in metres from the stop line. */
const DETECTORS_M = { main: [25, 60], side: [25] } as const;

/** Share of time above which a queue stands on the detector, not just traffic passing. */
const QUEUE_ABOVE = 0.35;

/** Junctions on one road that change their plans together; the others stand alone. */
const COORDINATED = [
  ['J1', 'J2'],
  ['J4', 'J5'],
] as const;

/** All assets of the traffic department's junctions. */
export const trafficAssets = (): AssetText[] => JUNCTIONS.flatMap(junctionAssets);

type Junction = (typeof JUNCTIONS)[number];
type Side = (typeof SIDES)[number];

function junctionAssets(junction: Junction): AssetText[] {
  return [controller(junction), ...SIDES.flatMap((side) => approachAssets(junction, side))];
}

function controller({ name, title, spot, zone }: Junction): AssetText {
  const heartbeat = { onChange: true, heartbeat: '20 s' } as const;
  return {
    id: controllerId(name),
    type: 'TrafficController',
    title: `${name} ${title}`,
    department: 'traffic',
    ...(zone === undefined ? {} : { zone }),
    tags: ['relief'],
    location: pointAt(spot),
    relations: {
      approach: SIDES.map(({ side }) => approachId(name, side)),
      coordinated: coordinatedWith(name).map(controllerId),
    },
    attributes: { conflicts: CONFLICTS },
    reports: {
      controlMode: heartbeat,
      policeKey: heartbeat,
      manualControl: heartbeat,
      signalGroupStatus: heartbeat,
    },
    // A plan begins with the next cycle of 12 s, and the report needs a moment.
    points: { timePlan: { provenWithin: '30 s' }, functionalPosition: {}, emergencyRoute: { ranks: FIRST_ROUTES } },
    binding: { adapter: 'mqtt', device: name },
  };
}

function approachAssets(junction: Junction, side: Side): AssetText[] {
  const { name, spot } = junction;
  const distancesM = side.north === 0 ? DETECTORS_M.main : DETECTORS_M.side;
  const at = (metres: number) =>
    pointAt({ eastM: spot.eastM + side.east * metres, northM: spot.northM + side.north * metres });
  const detectors = distancesM.map((metres, index): AssetText => ({
    id: `urn:ngsi-ld:Detector:${name}-${side.side}-${index + 1}`,
    type: 'Detector',
    title: `${name} ${side.side}, detector ${index + 1}`,
    department: 'traffic',
    location: at(metres),
    parent: controllerId(name),
    attributes: { distance: metres },
    reports: {
      occupancy: { every: '5 s' },
      intensity: { every: '5 s' },
      averageVehicleSpeed: { every: '60 s' },
    },
    binding: { adapter: 'mqtt', device: name },
  }));
  const approach: AssetText = {
    id: approachId(name, side.side),
    type: 'Approach',
    title: `${name} ${side.side}`,
    department: 'traffic',
    location: at(40),
    parent: controllerId(name),
    relations: { detectors: detectors.map(({ id }) => id) },
    attributes: { queueAbove: QUEUE_ABOVE, reliefPlan: side.reliefPlan },
    reports: { queueLength: { every: '5 s' } },
    binding: { adapter: 'mqtt', device: name },
  };
  return [approach, ...detectors];
}

/** A junction's group, itself included: what is asked of the group is asked of every one. */
const coordinatedWith = (name: string): readonly string[] =>
  COORDINATED.find((group) => group.some((one) => one === name)) ?? [name];

const controllerId = (junction: string): string => `urn:ngsi-ld:TrafficController:${junction}`;
const approachId = (junction: string, side: string): string => `urn:ngsi-ld:Approach:${junction}-${side}`;
