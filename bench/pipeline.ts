// Measures the pipeline, MQTT to evaluated and reading to device, beside its bare parts. One line of JSON.
import { bareQueue, bareReceive } from './pipeline/bare-parts.ts';
import { BenchBox, PAIRS, sensorId } from './pipeline/bench-box.ts';
import { percentile, saturate, wait } from './pipeline/measure.ts';
import { readingToDevice } from './pipeline/reading-to-device.ts';

const LOAD = { window: 4_000, warmUpSeconds: 5, seconds: 15 };
const READINGS_PER_SECOND = 200;
const LATENCY_SECONDS = 20;
/** What the first measurement has left is done by then. */
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
  const latencies = await readingToDevice(box, { perSecond: READINGS_PER_SECOND, seconds: LATENCY_SECONDS });
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
