// What a point was from one moment on, for the record: explanations of the past read it.
import type { Value } from './value.ts';

/** Recorded whenever the value that a device reports of a point, or the value that is wanted of it, becomes another. */
export interface PointChange {
  /** Derives from the point and the log entry. */
  changeId: string;
  /** `<asset>#<point>` */
  point: string;
  /** Milliseconds since the epoch, the log's clock. */
  at: number;
  /** What the device says; absent before it has said anything. That it says the same again is no change. */
  reported?: Value;
  /** What the arbiter wants; absent while it wants nothing. */
  desired?: Value;
}
