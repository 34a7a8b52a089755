// Notices that a process still lives but answers nobody: its event loop is blocked.
import { setTimeout as delay } from 'node:timers/promises';

/** How patient we are, in milliseconds. */
export interface Patience {
  /** Between two questions. */
  readonly everyMs: number;
  /** For the answer to one question. */
  readonly answerMs: number;
  /** A process that has answered before may then be silent for this long. */
  readonly silentMs: number;
  /** Until its first answer: a start on a busy machine takes its time. */
  readonly firstMs: number;
}

const PATIENCE: Patience = { everyMs: 2000, answerMs: 5000, silentMs: 20_000, firstMs: 120_000 };
/** So many questions in a row must have found no answer, too: when we are the ones who were frozen, time alone proves nothing. */
const UNANSWERED = 3;

/**
 * Resolves when `url` has not been answered for too long; any answer counts, also that something is missing.
 *
 * @throws the signal's reason when it is aborted
 */
export async function untilSilent(url: string, signal: AbortSignal, patience = PATIENCE): Promise<void> {
  let until = performance.now() + patience.firstMs;
  let unanswered = 0;
  for (;;) {
    await delay(patience.everyMs, undefined, { signal });
    if (await answers(url, AbortSignal.any([signal, AbortSignal.timeout(patience.answerMs)]))) {
      until = performance.now() + patience.silentMs;
      unanswered = 0;
      continue;
    }
    signal.throwIfAborted();
    unanswered += 1;
    if (unanswered >= UNANSWERED && performance.now() >= until) return;
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal });
    await response.body?.cancel();
    return true;
  } catch {
    // Nobody listens, or nobody answers.
    return false;
  }
}
