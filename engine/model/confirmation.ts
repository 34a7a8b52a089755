// Wishes that wait for a second person: values that nobody brings about alone.
import type { PointRequest } from './input.ts';

/** How long a wish waits for a second person before it is forgotten, in milliseconds: 10 min. */
export const CONFIRM_WITHIN_MS = 600_000;

/** One person's wish for a value that needs two, until another confirms or declines it. */
export interface Confirmation {
  /** The id of the request that asked. */
  id: string;
  /** The asset's own. */
  department: string;
  wish: Extract<PointRequest, { do: 'claim' }>;
  /** The account of the first person. */
  askedBy: string;
  /** Milliseconds since the epoch, as the next one. */
  askedAt: number;
  /** Forgotten from then on. */
  expiresAt: number;
}
