// The time from a reading to the device that it moves.
import { PAIRS, type BenchBox } from './bench-box.ts';
import { atRate, wait } from './measure.ts';

/** Commands still on their way when the last reading was sent. */
const TAIL_MS = 1_000;

/** Every reading starts or ends a rule, so every reading moves a lamp: milliseconds from its publishing to the device. */
export async function readingToDevice(
  box: BenchBox,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number[]> {
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  box.onCommand = (pair) => {
    const at = sentAt.get(pair);
    if (at !== undefined) latencies.push(performance.now() - at);
    sentAt.delete(pair);
  };
  await atRate(perSecond, seconds, (index) => {
    const pair = index % PAIRS;
    sentAt.set(pair, performance.now());
    box.publish(pair, `latency-${index}`, Math.floor(index / PAIRS) % 2 === 0);
  });
  await wait(TAIL_MS);
  return latencies;
}
