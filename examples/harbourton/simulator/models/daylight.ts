// The town's day: 24 hours in 24 minutes, from dusk on.

const HOUR_MS = 60_000;
/** The town starts in the evening, so that it is dark after a few seconds. */
const START_HOUR = 19.72;
/** Between these hours there is twilight. */
const DUSK = { from: 19.5, until: 20.17 };
const DAWN = { from: 4.83, until: 5.5 };
const NIGHT_LUX = 0.5;
const TWILIGHT_LUX = 400;
const NOON_LUX = 60_000;

/** The hour of the town's day, 0 to 24, at `elapsedMs` after the start. */
export const hourAt = (elapsedMs: number): number => (START_HOUR + elapsedMs / HOUR_MS) % 24;

/** Light on a level surface in lux at an hour (0 to 24), under an even sky. */
export function illuminanceAt(hour: number): number {
  if (hour >= DUSK.until || hour < DAWN.from) return NIGHT_LUX;
  if (hour >= DUSK.from) return twilight((hour - DUSK.from) / (DUSK.until - DUSK.from));
  if (hour < DAWN.until) return twilight((DAWN.until - hour) / (DAWN.until - DAWN.from));
  const dayShare = (hour - DAWN.until) / (DUSK.from - DAWN.until);
  return TWILIGHT_LUX + (NOON_LUX - TWILIGHT_LUX) * Math.sin(dayShare * Math.PI) ** 1.5;
}

/** Light falls by the same factor in every minute of dusk. */
const twilight = (towardsNight: number): number => TWILIGHT_LUX * (NIGHT_LUX / TWILIGHT_LUX) ** towardsNight;
