// How much traffic wants through each junction: an even flow, and waves that build queues.
import { bySide, type Demand } from './junction.ts';
import type { Rng } from './random.ts';
import type { Side } from './signal-plans.ts';

/** Vehicles per hour when nothing is the matter; east and west is the main road. */
const EVERY_DAY: Readonly<Record<Side, number>> = { north: 150, east: 380, south: 150, west: 340 };

/** A wave begins with a platoon, one vehicle a second (a ferry unloads). */
const PLATOON = { vehicles: 14, headwayMs: 1_000 };
/** It goes on with more than the week table's plan can serve, and less than a relief plan can. */
const SUSTAINED = { untilMs: 90_000, perHour: 880 };

/** The first staged wave, and how often it comes again. */
const STAGED = { junction: 'J4', side: 'east', firstMs: 6_000, everyMs: 240_000 } as const;
/** On average one wave of chance in this time, somewhere in town. */
const CHANCE_EVERY_MS = 100_000;

/** A surge on one approach. */
export interface Wave {
  junction: string;
  side: Side;
  /** Town time, milliseconds since the start. */
  startMs: number;
}

/** The waves still running at `elapsedMs`, those that begin within the last `dtMs` included. */
export function stepWaves(
  waves: readonly Wave[],
  { elapsedMs, dtMs, junctions }: { elapsedMs: number; dtMs: number; junctions: readonly string[] },
  rng: Rng,
): Wave[] {
  const running = waves.filter(({ startMs }) => elapsedMs - startMs < SUSTAINED.untilMs);
  const { junction, side, firstMs, everyMs } = STAGED;
  const cameRound = Math.floor((elapsedMs - firstMs) / everyMs) > Math.floor((elapsedMs - dtMs - firstMs) / everyMs);
  if (elapsedMs >= firstMs && cameRound) running.push({ junction, side, startMs: elapsedMs });
  if (rng() < dtMs / CHANCE_EVERY_MS) {
    const chosen = junctions[Math.floor(rng() * junctions.length)];
    if (chosen !== undefined)
      running.push({ junction: chosen, side: rng() < 0.5 ? 'east' : 'west', startMs: elapsedMs });
  }
  return running;
}

/** What wants into a junction between `elapsedMs - dtMs` and `elapsedMs`. */
export function demandAt(
  junction: string,
  { elapsedMs, dtMs }: { elapsedMs: number; dtMs: number },
  waves: readonly Wave[],
): Demand {
  const here = waves.filter((wave) => wave.junction === junction);
  return bySide((side) => {
    const agesMs = here.filter((wave) => wave.side === side).map(({ startMs }) => elapsedMs - startMs);
    const sustained = agesMs.some((ageMs) => ageMs >= 0 && ageMs < SUSTAINED.untilMs);
    const certain = agesMs.map((ageMs) => platoonUntil(ageMs) - platoonUntil(ageMs - dtMs));
    return {
      perHour: sustained ? SUSTAINED.perHour : EVERY_DAY[side],
      certain: certain.reduce((sum, vehicles) => sum + vehicles, 0),
    };
  });
}

/** How many of the platoon's vehicles have come when the wave is `ageMs` old. */
const platoonUntil = (ageMs: number): number =>
  Math.min(PLATOON.vehicles, Math.max(0, Math.floor(ageMs / PLATOON.headwayMs)));
