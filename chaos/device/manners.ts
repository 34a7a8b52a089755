// How the devices of a town behave: most of them well.
import { z } from 'zod';

/** Which devices misbehave, and how. */
export const mannersSchema = z.strictObject({
  /** `lies`: says "accepted" and does nothing. `slow`: takes its time with every command, one after the other. */
  kind: z.enum(['honest', 'lies', 'slow']),
  /** Every how manyth device. */
  every: z.number().int().min(1),
  /** How long a slow one takes, in milliseconds. */
  slowMs: z.number().int().min(0),
});
export type Manners = z.infer<typeof mannersSchema>;

/** Everybody behaves. */
export const HONEST: Manners = { kind: 'honest', every: 1, slowMs: 0 };

/** Is this device, by its number, one of those that misbehave? */
export const isRude = ({ kind, every }: Manners, index: number): boolean => kind !== 'honest' && index % every === 0;
