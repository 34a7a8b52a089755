// The collection truck: one round after the other, a short stop at every container.

/** Time per container, driving included; a round of 24 takes six minutes. */
const PER_STOP_MS = 15_000;
/** Of which the container's lid is open. */
const LID_OPEN_MS = 5_000;
/** Drivers leave what is less than half full. */
export const WORTH_EMPTYING = 0.5;

/** Which container the truck empties at `elapsedMs`, or undefined while it drives. The round begins half way through the list. */
export function truckAt(elapsedMs: number, containers: readonly string[]): string | undefined {
  if (containers.length === 0 || elapsedMs % PER_STOP_MS >= LID_OPEN_MS) return undefined;
  const stop = Math.floor(elapsedMs / PER_STOP_MS) + Math.floor(containers.length / 2);
  return containers[stop % containers.length];
}
