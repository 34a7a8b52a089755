// Measures commands, from a wish to the device's acknowledgement, beside plain BullMQ over the same kind of broker, Redis and
// devices; and the time from a reading to the device. One line of JSON; what was compared is said besides.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { boxCommands } from './commands/box-commands.ts';
import { plainCommands } from './commands/plain-commands.ts';
import { BenchBox } from './pipeline/bench-box.ts';
import { percentile } from './pipeline/measure.ts';
import { readingToDevice } from './pipeline/reading-to-device.ts';

const LOAD = { window: 400, warmUpSeconds: 5, seconds: 20 };
/** Readings per second, each of which moves a lamp, and for how long. */
const LATENCY = { perSecond: 300, seconds: 20 };

const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-commands-'));
const ours = await boxCommands(join(folder, 'box'), LOAD);
const plain = await plainCommands(join(folder, 'plain'), LOAD, ours.jobCharacters);
const box = await BenchBox.start();
const latencies = await readingToDevice(box, LATENCY);
await box.stop();
await rm(folder, { recursive: true, force: true });
console.error(
  JSON.stringify({
    broker: ours.broker,
    redis: 'appendonly yes, appendfsync always',
    jobCharacters: ours.jobCharacters,
    concurrency: plain.concurrency,
    processes: 'gateway, engine, worker, devices, broker, Redis; plain: adding, worker, devices, broker, Redis',
    ratio: Math.round((100 * ours.perSecond) / plain.perSecond) / 100,
    latencies: latencies.length,
  }),
);
console.log(
  JSON.stringify({
    bench: 'commands',
    commandsPerSecond: ours.perSecond,
    plainBullmq: plain.perSecond,
    latencyMsP50: percentile(latencies, 0.5),
    latencyMsP99: percentile(latencies, 0.99),
  }),
);
