// Reads the core's frames. The core is trusted, but a frame of a newer core must not end the link.
import type { LinkAnswer } from '../../engine/model/link.ts';

const KNOWN: ReadonlySet<unknown> = new Set<LinkAnswer['type']>([
  'ack',
  'busy',
  'result',
  'decision',
  'command',
  'run',
  'catalogue',
]);

/** The answer in a frame, or undefined when it is none that we know. */
export function readAnswer(frame: string): LinkAnswer | undefined {
  try {
    const value: unknown = JSON.parse(frame);
    return isAnswer(value) ? value : undefined;
  } catch {
    // Not JSON, so no answer of ours: the caller says so in the log.
    return undefined;
  }
}

/** Written by the core's typed code: checking every field of every decision again would cost more than it finds. */
const isAnswer = (value: unknown): value is LinkAnswer =>
  typeof value === 'object' && value !== null && KNOWN.has(Reflect.get(value, 'type'));
