// A waste container: people fill it, a press makes room, a truck empties it.
import { poisson, type Rng } from './random.ts';

/** A pressing cycle of the shortened town; real ones take 30 to 60 s. */
export const PRESS_CYCLE_MS = 8_000;
/** What is left of loose waste's volume after pressing. */
const PRESSED_SHARE = 0.4;
/** One bag or cup, as a share of the container. */
const DEPOSIT = 0.01;

/** A container at one moment. */
export interface BinState {
  /** Loose waste, as a share of the container's volume. */
  loose: number;
  /** Pressed waste, likewise. */
  pressed: number;
  /** What remains of the pressing cycle; 0 when the press rests. */
  pressingMs: number;
}

/** A container that holds `fill` (0 to 1) of loose waste. */
export const binWith = (fill: number): BinState => ({ loose: fill, pressed: 0, pressingMs: 0 });

/** How full it is, 0 to 1. */
export const fillOf = (state: BinState): number => Math.min(1, state.loose + state.pressed);

/** The container `dtMs` later, filling by `perMinute` of its volume on average. */
export function stepBin(state: BinState, dtMs: number, perMinute: number, rng: Rng): BinState {
  const deposits = poisson(((perMinute / DEPOSIT) * dtMs) / 60_000, rng) * DEPOSIT;
  const room = 1 - fillOf(state);
  const loose = state.loose + Math.min(room, deposits);
  if (state.pressingMs === 0) return { ...state, loose };
  // The same part of what is loose goes under the press in every moment that remains.
  const share = Math.min(1, dtMs / state.pressingMs);
  return {
    loose: loose * (1 - share),
    pressed: state.pressed + loose * share * PRESSED_SHARE,
    pressingMs: Math.max(0, state.pressingMs - dtMs),
  };
}

/** Begins a pressing cycle; one that runs goes on. */
export const pressBin = (state: BinState): BinState =>
  state.pressingMs > 0 ? state : { ...state, pressingMs: PRESS_CYCLE_MS };

/** Stops the press where it is. */
export const stopPress = (state: BinState): BinState => ({ ...state, pressingMs: 0 });

/** The truck was here. */
export const emptiedBin = (): BinState => ({ loose: 0, pressed: 0, pressingMs: 0 });
