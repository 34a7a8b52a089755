// Which schedules stand for assets of a type: derived from their table, so that a changed asset asks few of them.
import type { Schedule } from '../model/schedule.ts';

/** Schedules by the type of their targets. */
export class ScheduleIndex {
  readonly #types = new Map<string, string>();
  readonly #byType = new Map<string, Set<string>>();

  /** Puts a schedule in its place, or forgets it. */
  put(id: string, schedule: Schedule | undefined): void {
    this.#byType.get(this.#types.get(id) ?? '')?.delete(id);
    this.#types.delete(id);
    const type = schedule?.targets?.type;
    if (type === undefined) return;
    this.#types.set(id, type);
    this.#byType.set(type, (this.#byType.get(type) ?? new Set()).add(id));
  }

  /** The ids of schedules with targets of a type. */
  forType(type: string): Iterable<string> {
    return this.#byType.get(type) ?? [];
  }
}
