// Traffic at one junction: vehicles arrive, queue, and leave with the active plan's green.
import { about, poisson, type Rng } from './random.ts';
import { CYCLE_MS, hasGreen, SIDES, WEEK_TABLE_PLAN, type Side } from './signal-plans.ts';

/** Vehicles per hour of green that one lane can discharge; 1,800 to 2,000 is usual (HCM, saturation flow). */
const SATURATION_PER_HOUR = 1_900;
/** Length that a standing vehicle takes, gap included. */
const METRES_PER_VEHICLE = 7;
/** How long a freely moving vehicle covers a detector: 6 m at 12 m/s. */
const PASSING_MS = 500;
/** Share of time that a discharging queue covers a detector. */
const DISCHARGING_SHARE = 0.75;
const FREE_SPEED_KMH = 42;
const QUEUE_SPEED_KMH = 7;
const HOUR_MS = 3_600_000;

/** What a detector has counted since it was last read. */
interface DetectorState {
  /** From the stop line. */
  distanceM: number;
  occupiedMs: number;
  vehicles: number;
  speedSumKmh: number;
}

/** One approach: its queue and its detectors. */
interface LaneState {
  /** Whole vehicles that stand or wait to move. */
  queue: number;
  /** How much of the next vehicle's headway has passed, 0 to 1. */
  discharged: number;
  detectors: readonly DetectorState[];
}

/** A junction at one moment. */
export interface JunctionState {
  /** The running plan. */
  plan: number;
  /** The plan that begins with the next cycle. */
  nextPlan: number;
  /** The side to which an emergency route gives green, and to no other; undefined while none is set. */
  route?: Side | undefined;
  /** Place within the cycle, 0 to `CYCLE_MS`. */
  cycleMs: number;
  lanes: Readonly<Record<Side, LaneState>>;
}

/** What wants to enter from one side. */
export interface Inflow {
  /** Vehicles per hour on average, each by chance. */
  perHour: number;
  /** Vehicles that arrive in this very step for certain: part of a platoon. */
  certain: number;
}
/** The inflow of all sides. */
export type Demand = Readonly<Record<Side, Inflow>>;

/** What one detector says about a period. */
export interface Measurement {
  side: Side;
  /** 0 for the detector nearest to the stop line. */
  index: number;
  /** Share of the period, 0 to 1. */
  occupancy: number;
  vehicles: number;
  /** Absent when nobody passed. */
  averageSpeedKmh?: number;
}

/** An empty junction at the beginning of a cycle. `distancesM`: the detectors of each side, from the stop line. */
export function emptyJunction(distancesM: Readonly<Record<Side, readonly number[]>>): JunctionState {
  const lane = (side: Side): LaneState => ({
    queue: 0,
    discharged: 0,
    detectors: distancesM[side].map((distanceM) => ({ distanceM, occupiedMs: 0, vehicles: 0, speedSumKmh: 0 })),
  });
  return { plan: WEEK_TABLE_PLAN, nextPlan: WEEK_TABLE_PLAN, cycleMs: 0, lanes: bySide(lane) };
}

/** The junction `dtMs` (0 to 1,000) later. A new plan begins with the cycle, never within it. */
export function stepJunction(state: JunctionState, dtMs: number, demand: Demand, rng: Rng): JunctionState {
  const newCycle = state.cycleMs + dtMs >= CYCLE_MS;
  const cycleMs = (state.cycleMs + dtMs) % CYCLE_MS;
  const plan = newCycle ? state.nextPlan : state.plan;
  return {
    plan,
    nextPlan: state.nextPlan,
    route: state.route,
    cycleMs,
    lanes: bySide((side) => {
      const arrivals = demand[side].certain + poisson((demand[side].perHour * dtMs) / HOUR_MS, rng);
      return stepLane(state.lanes[side], dtMs, { arrivals, green: showsGreen({ ...state, plan }, side, cycleMs) }, rng);
    }),
  };
}

/** Has this side green at this moment of the cycle: by the emergency route, else by the plan? */
export const showsGreen = (
  { plan, route }: Pick<JunctionState, 'plan' | 'route'>,
  side: Side,
  cycleMs: number,
): boolean => (route === undefined ? hasGreen(plan, side, cycleMs) : side === route);

/** Reads all detectors for a period of `periodMs` and sets their counters to zero. */
export function readDetectors(state: JunctionState, periodMs: number): [JunctionState, Measurement[]] {
  const measurements = SIDES.flatMap((side) =>
    state.lanes[side].detectors.map(({ occupiedMs, vehicles, speedSumKmh }, index) => ({
      side,
      index,
      occupancy: Math.min(1, occupiedMs / periodMs),
      vehicles,
      ...(vehicles === 0 ? {} : { averageSpeedKmh: speedSumKmh / vehicles }),
    })),
  );
  const lanes = bySide((side) => ({
    ...state.lanes[side],
    detectors: state.lanes[side].detectors.map(({ distanceM }) => ({
      distanceM,
      occupiedMs: 0,
      vehicles: 0,
      speedSumKmh: 0,
    })),
  }));
  return [{ ...state, lanes }, measurements];
}

function stepLane(
  lane: LaneState,
  dtMs: number,
  { arrivals, green }: { arrivals: number; green: boolean },
  rng: Rng,
): LaneState {
  const waiting = lane.queue + arrivals;
  const capacity = lane.discharged + (green ? (dtMs * SATURATION_PER_HOUR) / HOUR_MS : 0);
  const leaving = green ? Math.min(waiting, Math.floor(capacity)) : 0;
  const queue = waiting - leaving;
  const lengthM = lane.queue * METRES_PER_VEHICLE;
  const moving = { dtMs, arrivals, leaving, green };
  return {
    queue,
    // Nobody waits: the next one passes at once on green. Green that nobody uses is not saved up.
    discharged: queue === 0 ? Number(green) : capacity - leaving,
    detectors: lane.detectors.map((detector) => stepDetector(detector, lengthM > detector.distanceM, moving, rng)),
  };
}

function stepDetector(
  detector: DetectorState,
  covered: boolean,
  { dtMs, arrivals, leaving, green }: { dtMs: number; arrivals: number; leaving: number; green: boolean },
  rng: Rng,
): DetectorState {
  const passing = covered ? leaving : arrivals;
  const occupiedMs = covered ? dtMs * (green ? DISCHARGING_SHARE : 1) : arrivals * PASSING_MS;
  const speedKmh = about(covered ? QUEUE_SPEED_KMH : FREE_SPEED_KMH, 0.15, rng);
  return {
    distanceM: detector.distanceM,
    occupiedMs: detector.occupiedMs + occupiedMs,
    vehicles: detector.vehicles + passing,
    speedSumKmh: detector.speedSumKmh + passing * speedKmh,
  };
}

/** Makes one thing for each side. */
export const bySide = <T>(make: (side: Side) => T): Record<Side, T> => ({
  north: make('north'),
  east: make('east'),
  south: make('south'),
  west: make('west'),
});
