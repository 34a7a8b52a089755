// Judges a run from three records that nobody wrote for it: what the box took, what devices really did, how commands ended.
import type { CommandEnd } from '../engine/model/command.ts';

/** A wish that the box took: it answered that it is durable. Every wish of a run has a value of its own, growing. */
export interface Wish {
  point: string;
  value: number;
  /** When it was asked, milliseconds since the epoch. */
  askedAt: number;
}

/** One physical effect: a line of the devices' own log, in the order in which they happened. */
export interface Effect {
  point: string;
  /** Absent for a release. */
  value?: number | undefined;
  /** Milliseconds since the epoch. */
  at: number;
  commandId: string;
  /** Worthless after this instant; milliseconds since the epoch. */
  notAfter: number;
}

/** One command as the box recorded it. */
export interface RecordedCommand {
  commandId: string;
  point: string;
  value?: number;
  sequence: number;
  /** How it ended; absent while it has not. */
  end?: CommandEnd;
}

/** What a run is judged by. */
export interface Evidence {
  accepted: readonly Wish[];
  effects: readonly Effect[];
  commands: readonly RecordedCommand[];
}

/** The findings. `accepted` = the six ends + `lost` + `open`. */
export type Verdict = Record<CommandEnd, number> & {
  accepted: number;
  /** Accepted, yet neither an effect at the device nor a recorded end. */
  lost: number;
  /** Accepted and done by the device, but no end is recorded yet. */
  open: number;
  /** Effects that had happened before. */
  duplicated: number;
  /** Effects after their `notAfter`. */
  late: number;
  /** Effects of a wish after those of a newer wish for the same point. */
  outOfOrder: number;
  /** The longest time from asking to the effect, in milliseconds. */
  longestDelayMs: number;
};

/** Judges. Pure. */
export function judge({ accepted, effects, commands }: Evidence): Verdict {
  const done = firstEffects(effects);
  const ends = lastEnds(commands);
  const verdict: Verdict = {
    accepted: accepted.length,
    verified: 0,
    refused: 0,
    superseded: 0,
    expired: 0,
    unverified: 0,
    failed: 0,
    lost: 0,
    open: 0,
    ...judgeEffects(effects),
    longestDelayMs: 0,
  };
  for (const wish of accepted) {
    const end = ends.get(keyOf(wish));
    const effect = done.get(keyOf(wish));
    verdict[end ?? (effect ? 'open' : 'lost')] += 1;
    if (effect) verdict.longestDelayMs = Math.max(verdict.longestDelayMs, effect.at - wish.askedAt);
  }
  return verdict;
}

/** From the devices' log alone. */
function judgeEffects(effects: readonly Effect[]): Pick<Verdict, 'duplicated' | 'late' | 'outOfOrder'> {
  const found = { duplicated: 0, late: 0, outOfOrder: 0 };
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  for (const effect of effects) {
    // A wish is done once, by whichever command; a release belongs to no wish.
    const key = effect.value === undefined ? effect.commandId : keyOf({ ...effect, value: effect.value });
    if (seen.has(key)) found.duplicated += 1;
    seen.add(key);
    if (effect.at > effect.notAfter) found.late += 1;
    if (effect.value === undefined) continue;
    if (effect.value < (newest.get(effect.point) ?? 0)) found.outOfOrder += 1;
    else newest.set(effect.point, effect.value);
  }
  return found;
}

function firstEffects(effects: readonly Effect[]): Map<string, Effect> {
  const first = new Map<string, Effect>();
  for (const effect of effects) {
    if (effect.value === undefined) continue;
    const key = keyOf({ ...effect, value: effect.value });
    if (!first.has(key)) first.set(key, effect);
  }
  return first;
}

/** A wish may take several commands; how it ended is how the newest of those that have ended did. */
function lastEnds(commands: readonly RecordedCommand[]): Map<string, CommandEnd> {
  const newest = new Map<string, { sequence: number; end: CommandEnd }>();
  for (const { point, value, sequence, end } of commands) {
    if (value === undefined || end === undefined) continue;
    const key = keyOf({ point, value });
    if ((newest.get(key)?.sequence ?? 0) < sequence) newest.set(key, { sequence, end });
  }
  return new Map([...newest].map(([key, { end }]) => [key, end]));
}

const keyOf = ({ point, value }: { point: string; value: number }): string => `${point} ${value}`;
