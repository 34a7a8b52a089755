// The book of physical effects: what simulated hardware really did, one JSON line each.
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../../engine/model/value.ts';

/** The file's name inside the simulator's folder. */
export const EFFECTS_FILE = 'effects.jsonl';

/** One physical change. */
export interface Effect {
  /** ISO 8601 in UTC. */
  at: string;
  device: string;
  asset: string;
  point: string;
  /** What the hardware was brought to. */
  value: Value;
  /** `command`, `programme` or `local`. */
  cause: string;
  /** The command behind it, where there is one. */
  commandId?: string;
}

/** Takes effects as they happen. */
export interface EffectsLog {
  write(effect: Effect): void;
  /** Resolves when all is on its way to the disk. Safe to call twice. */
  close(): Promise<void>;
}

/** Appends to `<folder>/effects.jsonl`, which is made if it is missing; effects of earlier runs stay. */
export function openEffectsLog(folder: string): EffectsLog {
  mkdirSync(folder, { recursive: true });
  const file: WriteStream = createWriteStream(join(folder, EFFECTS_FILE), { flags: 'a' });
  return {
    write: (effect) => {
      file.write(`${JSON.stringify(effect)}\n`);
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (file.closed) return resolve();
        file.once('error', reject);
        file.end(resolve);
      }),
  };
}
