// What a message asks of a signal controller: a time plan, never a lamp. The controller keeps its own safety logic.
import type { Result } from '../../engine/model/result.ts';
import { readWish, valueTypeOf, type Wish } from '../lib/wish.ts';

const TIME_PLAN = valueTypeOf('TrafficController', 'timePlan');

/** Reads a time plan's number, 1 to 255 (RSMP M0002), or a release. */
export const encodeTimePlan = (payload: unknown): Result<Wish> => readWish(payload, TIME_PLAN);
