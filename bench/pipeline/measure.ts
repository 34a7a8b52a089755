// Percentiles, and a window that keeps a sender from running ahead of its receiver.

/** The value below which `share` (0 to 1) of the samples lie, rounded to a tenth. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((left, right) => left - right);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return Math.round(value * 10) / 10;
}

/** Resolves after `ms` milliseconds. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `work` at `perSecond` for `seconds`, evenly, catching up when the process was late. */
export async function atRate(perSecond: number, seconds: number, work: (index: number) => void): Promise<void> {
  const begun = performance.now();
  const total = perSecond * seconds;
  for (let done = 0; done < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1_000) * perSecond));
    while (done < due) work(done++);
    await wait(1);
  }
}

/**
 * Sends as fast as the receiver takes, with at most `window` under way, and returns what it took per second.
 *
 * @param taken how many the receiver has taken since its start
 */
export async function saturate(options: {
  send: (index: number) => void;
  taken: () => Promise<number> | number;
  window: number;
  warmUpSeconds: number;
  seconds: number;
}): Promise<number> {
  const { send, taken, window, warmUpSeconds, seconds } = options;
  const before = await taken();
  const begun = performance.now();
  let sent = 0;
  let measured: { at: number; taken: number } | undefined;
  for (;;) {
    const now = performance.now();
    const done = (await taken()) - before;
    if (!measured && now - begun > warmUpSeconds * 1_000) measured = { at: now, taken: done };
    if (measured && now - measured.at > seconds * 1_000)
      return Math.round(((done - measured.taken) / (now - measured.at)) * 1_000);
    for (; sent - done < window; sent += 1) send(sent);
    await wait(5);
  }
}
