// The signal plans that every controller of the town has programmed: who has green when, within one cycle.

/** Where an approach comes from. */
export type Side = 'north' | 'east' | 'south' | 'west';
/** All sides, in the order of the plans. */
export const SIDES: readonly Side[] = ['north', 'east', 'south', 'west'];

/** A cycle of the shortened town; real ones take 60 to 120 s. */
export const CYCLE_MS = 12_000;
/** The plan of the controller's own week table. */
export const WEEK_TABLE_PLAN = 1;
/** What an officer at the cabinet chooses. */
export const HAND_PLAN = 6;

/** One side's effective green within the cycle. */
interface Green {
  fromMs: number;
  untilMs: number;
}
/** Effective green of every side. Between crossing streets 1.5 s are lost, twice a cycle. */
export type SignalPlan = Readonly<Record<Side, Green>>;

const green = (fromMs: number, untilMs: number): Green => ({ fromMs, untilMs });

/** Plan number to plan. 2 to 5 give one side more: its opposite stops early, the crossing street gets the least it needs. */
export const SIGNAL_PLANS: Readonly<Record<number, SignalPlan>> = {
  1: { north: green(0, 4_000), south: green(0, 4_000), east: green(5_500, 10_500), west: green(5_500, 10_500) },
  2: { east: green(0, 3_000), west: green(0, 3_000), north: green(4_500, 10_500), south: green(4_500, 7_500) },
  3: { north: green(0, 2_000), south: green(0, 2_000), east: green(3_500, 10_500), west: green(3_500, 6_500) },
  4: { east: green(0, 3_000), west: green(0, 3_000), north: green(4_500, 7_500), south: green(4_500, 10_500) },
  5: { north: green(0, 2_000), south: green(0, 2_000), east: green(3_500, 6_500), west: green(3_500, 10_500) },
  6: { north: green(0, 4_500), south: green(0, 4_500), east: green(6_000, 10_500), west: green(6_000, 10_500) },
};

/** Has this side green at this moment of the cycle (0 to `CYCLE_MS`)? An unknown plan shows nobody green. */
export function hasGreen(plan: number, side: Side, cycleMs: number): boolean {
  const greens = SIGNAL_PLANS[plan]?.[side];
  return greens !== undefined && cycleMs >= greens.fromMs && cycleMs < greens.untilMs;
}
