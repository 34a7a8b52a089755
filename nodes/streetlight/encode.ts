// What a message asks of a lamp: a level from 0 to 1, with or without a ramp.
import type { Result } from '../../engine/model/result.ts';
import { readWish, valueTypeOf, type Wish } from '../lib/wish.ts';

const LEVEL = valueTypeOf('Streetlight', 'level');

/** Reads a level, 0 (off) to 1 (full), or a release. A percentage is refused, not guessed. */
export const encodeLevel = (payload: unknown): Result<Wish> => readWish(payload, LEVEL);
