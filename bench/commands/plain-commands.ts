// Plain BullMQ doing the same: jobs are added in bulk, one worker publishes each and ends.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue } from 'bullmq';

import { HONEST } from '../../chaos/device/manners.ts';
import { PLAIN_CONCURRENCY, PLAIN_QUEUE, type PlainJob } from '../../chaos/plain/plain-job.ts';
import { LOADED_DEVICES, pointOfDevice } from '../../chaos/town/assets.ts';
import { startField } from '../../chaos/town/field.ts';
import { Program } from '../../chaos/town/programs.ts';
import { saturate } from '../pipeline/measure.ts';
import { countAcknowledgements } from './acknowledgements.ts';
import type { CommandLoad } from './box-commands.ts';

const PLAIN_WORKER = join(import.meta.dirname, '../../chaos/plain/plain-worker.ts');
const HOUR_MS = 3_600_000;

/**
 * Commands per second from adding to the acknowledgement.
 *
 * @param jobCharacters how long the text of each job is: as long as one of ours
 */
export async function plainCommands(
  folder: string,
  load: CommandLoad,
  jobCharacters: number,
): Promise<{ perSecond: number; concurrency: number }> {
  await mkdir(folder);
  const options = { engines: 0, workers: 1, manners: HONEST, provenWithinMs: 10_000, isTraced: false };
  const field = await startField({ folder, ...options, hasProxies: false, workerClockAheadMs: 0, isPlain: true });
  const worker = new Program({
    name: 'worker',
    command: process.execPath,
    args: [PLAIN_WORKER, field.redisUrl, field.brokerUrl],
    env: {},
    logFile: join(folder, 'worker.log'),
  });
  const queue = new Queue<PlainJob>(PLAIN_QUEUE, { connection: { url: field.redisUrl } });
  worker.start();
  const acknowledgements = await countAcknowledgements(field.broker.fieldUrl);
  const waiting: PlainJob[] = [];
  const addAll = () => {
    const jobs = waiting.splice(0).map((data) => ({ name: 'command', data, opts: { removeOnComplete: 5_000 } }));
    if (jobs.length > 0) void queue.addBulk(jobs);
  };
  const send = (index: number) => {
    if (waiting.length === 0) queueMicrotask(addAll);
    waiting.push(jobOf(index, jobCharacters));
  };
  try {
    return {
      perSecond: await saturate({ send, taken: acknowledgements.taken, ...load }),
      concurrency: PLAIN_CONCURRENCY,
    };
  } finally {
    await acknowledgements.stop();
    await worker.kill();
    await queue.close();
    await field.stop();
  }
}

function jobOf(index: number, characters: number): PlainJob {
  const point = pointOfDevice(index % LOADED_DEVICES);
  const job = { point, value: index, commandId: `${point}:${index}`, notAfter: Date.now() + HOUR_MS, filler: '' };
  return { ...job, filler: 'x'.repeat(Math.max(0, characters - JSON.stringify(job).length)) };
}
