// Timers of the fold: named instants derived from state. They fire in order of time, then of name, so that replay agrees.
import type { Instant } from '../model/clock.ts';

interface Entry {
  at: Instant;
  name: string;
}

/** Below this many entries a sweep of the heap is not worth it. */
const LEAST_TO_SWEEP = 1_024;

const isBefore = (left: Entry, right: Entry): boolean =>
  left.at < right.at || (left.at === right.at && left.name < right.name);

/** At most one instant per name, in a heap. */
export class Timers {
  readonly #dueOf = new Map<string, Instant>();
  #heap: Entry[] = [];

  /** Sets or moves a timer; `undefined` or infinity removes it. */
  set(name: string, at: Instant | undefined): void {
    if (at === undefined || !Number.isFinite(at)) {
      this.#dueOf.delete(name);
      return;
    }
    if (this.#dueOf.get(name) === at) return;
    this.#dueOf.set(name, at);
    if (this.#heap.length > LEAST_TO_SWEEP && this.#heap.length > 4 * this.#dueOf.size) this.#sweep();
    else this.#push({ at, name });
  }

  /** Is a timer of this name running? */
  isSet(name: string): boolean {
    return this.#dueOf.has(name);
  }

  /** The earliest instant of all, if any timer is set. */
  next(): Instant | undefined {
    this.#dropStale();
    return this.#heap[0]?.at;
  }

  /** Takes the earliest timer that is due at `now`, if there is one. */
  take(now: Instant): Entry | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (!first || first.at > now) return undefined;
    this.#dueOf.delete(first.name);
    this.#pop();
    return first;
  }

  /** How many timers are set. */
  get size(): number {
    return this.#dueOf.size;
  }

  /** A moved or removed timer leaves its old entry in the heap until that comes up. */
  #dropStale(): void {
    let first = this.#heap[0];
    while (first && this.#dueOf.get(first.name) !== first.at) {
      this.#pop();
      first = this.#heap[0];
    }
  }

  /** Builds the heap anew from the timers that are set; a sorted array is a heap. */
  #sweep(): void {
    const entries = [...this.#dueOf].map(([name, at]) => ({ at, name }));
    this.#heap = entries.toSorted((left, right) => (isBefore(left, right) ? -1 : 1));
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (!parent || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const leftEntry = heap[left];
      if (!leftEntry) break;
      const rightEntry = heap[right];
      const child = rightEntry && isBefore(rightEntry, leftEntry) ? right : left;
      const below = child === right ? (rightEntry ?? leftEntry) : leftEntry;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}
