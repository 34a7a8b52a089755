// The devices' own log: one JSON line for each thing that physically happened, and for each command that was held off.
import { openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';

import type { Effect } from '../judge.ts';

const lineSchema = z.union([
  z.strictObject({
    point: z.string(),
    value: z.number().optional(),
    at: z.number(),
    commandId: z.string(),
    notAfter: z.number(),
  }),
  /** A command that arrived and was not applied, and why: a repeat, an older one, one that came too late. */
  z.strictObject({ heldOff: z.enum(['repeated', 'outdated', 'expired']), commandId: z.string(), at: z.number() }),
]);
type Line = z.infer<typeof lineSchema>;

/** Writes; each line is with the kernel when `write` returns. */
export class EffectsFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** What the devices did, in order, and how often they held a command off, by reason. */
export function readEffects(path: string): { effects: Effect[]; heldOff: Record<string, number> } {
  const effects: Effect[] = [];
  const heldOff: Record<string, number> = {};
  for (const text of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const line = lineSchema.parse(JSON.parse(text));
    if ('heldOff' in line) heldOff[line.heldOff] = (heldOff[line.heldOff] ?? 0) + 1;
    else effects.push(line);
  }
  return { effects, heldOff };
}
