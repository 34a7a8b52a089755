// Waiting for real conditions, with an end.
import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after `ms` milliseconds. */
export const pauseMs = (ms: number): Promise<void> => wait(ms);

/** Resolves once `isSo` answers true; a rejection counts as no. Rejects after `limitMs`, saying for what it waited. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean, limitMs = 30_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  let why = 'it was not so';
  while (performance.now() < deadline) {
    try {
      if (await isSo()) return;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    await wait(50);
  }
  throw new Error(`waited ${limitMs} ms for ${what}: ${why}`);
}
