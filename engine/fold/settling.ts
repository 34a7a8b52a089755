// Points that were touched are settled, in rounds, until none disturbs another; what became of them is recorded.
import { sortableId } from './log-id.ts';
import { settlePoint } from './points.ts';
import { viewPoint } from './views.ts';
import type { Work } from './work.ts';

/** Rounds after which points that still disturb one another are left for the next entry. */
const MOST_ROUNDS = 8;

/** @param guard does what it is given; what throws in it stops no other */
export function settleDirty(work: Work, guard: (where: string, work: () => void) => void): void {
  for (let round = 0; work.dirtyPoints.size > 0 && round < MOST_ROUNDS; round += 1) {
    const keys = [...work.dirtyPoints].toSorted();
    work.dirtyPoints.clear();
    for (const key of keys) {
      guard(`point ${key}`, () => settlePoint(work, key));
      work.settledPoints.add(key);
      const point = work.state.points.get(key);
      if (point)
        work.emit({ kind: 'live', event: { event: 'point', data: viewPoint(key, point, work.declarationOf(key)) } });
    }
  }
}

/** Records what points have become by the entry. */
export function recordPoints(work: Work): void {
  for (const { key, ...values } of work.state.points.takeChanges())
    work.emit({
      kind: 'point-change',
      change: { changeId: `${key}|${sortableId(work.entryId)}`, point: key, at: work.now, ...values },
    });
}
