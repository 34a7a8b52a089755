// A BullMQ worker as its documentation shows it: `node plain-worker.ts <redis url> <mqtt url>`. Publishes and ends.
import { Worker } from 'bullmq';
import { connect } from 'mqtt';

import { topicOf } from '../../engine/model/field.ts';
import { DEPARTMENT, deviceName, indexOfPoint } from '../town/assets.ts';
import { PLAIN_CONCURRENCY, PLAIN_QUEUE, type PlainJob } from './plain-job.ts';

const [redisUrl = '', mqttUrl = ''] = process.argv.slice(2);
const client = connect(mqttUrl, { protocolVersion: 4 });
client.on('error', (error) => process.stderr.write(`${error.message}\n`));
const worker = new Worker<PlainJob>(
  PLAIN_QUEUE,
  async ({ data }) => {
    const topic = topicOf({ department: DEPARTMENT, device: deviceName(indexOfPoint(data.point)) }, 'command');
    await client.publishAsync(topic, JSON.stringify(data), { qos: 1 });
  },
  { connection: { url: redisUrl, maxRetriesPerRequest: null }, concurrency: PLAIN_CONCURRENCY },
);
worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
