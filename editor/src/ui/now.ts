// "Now" for views: one shared beat a second, so that everything that counts moves together.
import { useSyncExternalStore } from 'react';

import { systemClock } from '../../../engine/model/clock.ts';

const BEAT_MS = 1_000;

const listeners = new Set<() => void>();
let cancel: (() => void) | undefined;

function beat(): void {
  cancel = systemClock.after(BEAT_MS - (systemClock.now() % BEAT_MS), () => {
    for (const listener of listeners) listener();
    beat();
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) beat();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) cancel?.();
  };
}

/**
 * The browser's clock, rounded down to whole periods, milliseconds since the epoch; draws again with every period.
 *
 * @param periodMs a multiple of 1000; default 1000
 */
export const useNow = (periodMs = BEAT_MS): number =>
  useSyncExternalStore(subscribe, () => Math.floor(systemClock.now() / periodMs) * periodMs);
