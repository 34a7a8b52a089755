// Measures the pipeline, MQTT to evaluated and reading to device, beside its bare parts. One line of JSON.
import { bareQueue, bareReceive } from './pipeline/bare-parts.ts';
import { BenchBox, PAIRS, sensorId } from './pipeline/bench-box.ts';
import { atRate, percentile, saturate, wait } from './pipeline/measure.ts';

const LOAD = { window: 4_000, warmUpSeconds: 5, seconds: 15 };
const READINGS_PER_SECOND = 200;
const LATENCY_SECONDS = 20;
/** Commands still on their way when the last reading was sent. */
const TAIL_MS = 1_000;

const box = await BenchBox.start();
try {
  const motion = (pair: number, index: number) => box.publish(pair, `throughput-${index}`, false);
  const readingsPerSecond = await saturate({
    send: (index) => motion(index % PAIRS, index),
    taken: () => box.evaluated(),
    ...LOAD,
  });
  await wait(TAIL_MS);
  const latencies = await readingToDevice();
  const payload = JSON.stringify({
    id: 'x',
    asset: sensorId(1),
    observedAt: new Date().toISOString(),
    readings: { motion: false },
  });
  const bareReadingsPerSecond = await bareReceive(box.mqttUrl, payload, LOAD);
  const bare = await bareQueue(READINGS_PER_SECOND, LATENCY_SECONDS);
  console.error(`${latencies.length} commands for ${READINGS_PER_SECOND * LATENCY_SECONDS} readings`);
  console.log(
    JSON.stringify({
      bench: 'pipeline',
      readingsPerSecond,
      latencyMsP50: percentile(latencies, 0.5),
      latencyMsP99: percentile(latencies, 0.99),
      bareReadingsPerSecond,
      bareLatencyMsP50: percentile(bare, 0.5),
      bareLatencyMsP99: percentile(bare, 0.99),
    }),
  );
} finally {
  await box.stop();
}

/** Every reading starts or ends a rule, so every reading moves a lamp: milliseconds from its publishing to the device. */
async function readingToDevice(): Promise<number[]> {
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  box.onCommand = (pair) => {
    const at = sentAt.get(pair);
    if (at !== undefined) latencies.push(performance.now() - at);
    sentAt.delete(pair);
  };
  await atRate(READINGS_PER_SECOND, LATENCY_SECONDS, (index) => {
    const pair = index % PAIRS;
    sentAt.set(pair, performance.now());
    box.publish(pair, `latency-${index}`, Math.floor(index / PAIRS) % 2 === 0);
  });
  await wait(TAIL_MS);
  return latencies;
}
