// How soon the box finds out that a device said "accepted" and did nothing.
import type { CommandStep } from '../engine/model/command.ts';

/** A command to a device that lies, as the box recorded it. */
export interface LiedCommand {
  steps: readonly Pick<CommandStep, 'state' | 'at'>[];
}

/** What was found. */
export interface LiesFound {
  /** Commands that were on the wire until their proof was overdue. */
  lies: number;
  /** Those that were called unverified in time. */
  found: number;
  /** The longest time from `sent` to `unverified`, in milliseconds. */
  latestMs: number;
}

/**
 * Looks at commands that can never be proven. One that a newer command replaced before its proof was due says nothing.
 *
 * @param dueMs the time from `sent` until the box must have said so
 */
export function findLies(commands: readonly LiedCommand[], dueMs: number): LiesFound {
  const result: LiesFound = { lies: 0, found: 0, latestMs: 0 };
  for (const { steps } of commands) {
    const sentAt = steps.find(({ state }) => state === 'sent')?.at;
    const last = steps.at(-1);
    if (sentAt === undefined || !last) continue;
    const tookMs = last.at - sentAt;
    const isReplaced = last.state === 'superseded' && tookMs <= dueMs;
    if (isReplaced) continue;
    result.lies += 1;
    if (last.state !== 'unverified') continue;
    result.latestMs = Math.max(result.latestMs, tookMs);
    if (tookMs <= dueMs) result.found += 1;
  }
  return result;
}
