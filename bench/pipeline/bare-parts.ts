// The bare parts of the pipeline by themselves: mqtt.js with JSON.parse, and BullMQ from add to process.
import { Queue, Worker } from 'bullmq';
import { connectAsync } from 'mqtt';

import { startPrivateTestRedis } from '../../test/redis.ts';
import { atRate, saturate } from './measure.ts';

/** A topic on which the field may publish and listen. */
const TOPIC = 'signalbox-simulator/bench';

/** Messages per second from publish to JSON.parse over the broker at `url`, with the pipeline's own QoS 1. */
export async function bareReceive(
  url: string,
  payload: string,
  load: { window: number; warmUpSeconds: number; seconds: number },
): Promise<number> {
  const [publisher, subscriber] = await Promise.all([
    connectAsync(url, { protocolVersion: 4 }),
    connectAsync(url, { protocolVersion: 4 }),
  ]);
  let received = 0;
  subscriber.on('message', (_topic, message) => {
    JSON.parse(message.toString());
    received += 1;
  });
  await subscriber.subscribeAsync(TOPIC, { qos: 1 });
  const send = () => publisher.publish(TOPIC, payload, { qos: 1 });
  const rate = await saturate({ send, taken: () => received, ...load });
  await Promise.all([publisher.endAsync(true), subscriber.endAsync(true)]);
  return rate;
}

/** Milliseconds from `add` to the processor at `perSecond` jobs, on a Redis with the box's own settings. */
export async function bareQueue(perSecond: number, seconds: number): Promise<number[]> {
  const redis = await startPrivateTestRedis();
  const { hostname: host, port, password } = new URL(redis.url);
  const connection = { host, port: Number(port), password, maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection });
  const latencies: number[] = [];
  const worker = new Worker<{ at: number }>(
    'bench',
    async ({ data }) => void latencies.push(performance.now() - data.at),
    {
      connection,
      concurrency: 50,
    },
  );
  await worker.waitUntilReady();
  await atRate(perSecond, seconds, () => void queue.add('job', { at: performance.now() }, { removeOnComplete: 1_000 }));
  await worker.close();
  await queue.close();
  await redis.stop();
  return latencies;
}
