// Counts what the devices of a town acknowledge.
import { connectAsync } from 'mqtt';

import { topicOf } from '../../engine/model/field.ts';

/** Listens on the field bus at `url` until it is stopped. */
export async function countAcknowledgements(url: string): Promise<{ taken: () => number; stop: () => Promise<void> }> {
  const client = await connectAsync(url, { protocolVersion: 4 });
  let count = 0;
  client.on('message', () => {
    count += 1;
  });
  await client.subscribeAsync(topicOf({ department: '+', device: '+' }, 'ack'), { qos: 1 });
  return { taken: () => count, stop: () => client.endAsync(true) };
}
