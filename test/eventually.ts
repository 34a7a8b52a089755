// Waits for a condition instead of a time.
import { vi } from 'vitest';

/**
 * Resolves with what `check` returns once it no longer throws; looks 50 times a second, for 10 s.
 * Rejects with the last error then.
 *
 * @example await eventually(() => expect(readings).toHaveLength(3));
 */
export const eventually = <Found>(check: () => Found | Promise<Found>): Promise<Found> =>
  vi.waitFor(check, { timeout: 10_000, interval: 20 });
