// A box in parts under as many wishes as it takes: each is claimed, arbitrated, queued, checked, published and acknowledged.
import { mkdir } from 'node:fs/promises';
import { Redis } from 'ioredis';

import { HONEST } from '../../chaos/device/manners.ts';
import { LOADED_DEVICES, pointOfDevice } from '../../chaos/town/assets.ts';
import { Town } from '../../chaos/town/town.ts';
import { saturate } from '../pipeline/measure.ts';
import { countAcknowledgements } from './acknowledgements.ts';

/** How much is under way, and for how long it is measured. */
export interface CommandLoad {
  window: number;
  warmUpSeconds: number;
  seconds: number;
}

/** Commands per second from the input to the acknowledgement, with one engine and one worker. */
export async function boxCommands(
  folder: string,
  load: CommandLoad,
): Promise<{ perSecond: number; broker: string; jobCharacters: number }> {
  await mkdir(folder);
  const town = await Town.build({
    folder,
    engines: 1,
    workers: 1,
    manners: HONEST,
    provenWithinMs: 10_000,
    isTraced: false,
    hasProxies: false,
    workerClockAheadMs: 0,
  });
  try {
    await town.startRoles();
    const acknowledgements = await countAcknowledgements(town.broker.fieldUrl);
    const send = (index: number) => void town.asker.ask(pointOfDevice(index % LOADED_DEVICES), index + 1);
    const perSecond = await saturate({ send, taken: acknowledgements.taken, ...load });
    await acknowledgements.stop();
    return { perSecond, broker: town.broker.kind, jobCharacters: await jobCharacters(town.redis.url) };
  } finally {
    await town.stop();
  }
}

/** How long the text of one of the jobs is that Redis holds. */
async function jobCharacters(url: string): Promise<number> {
  const redis = new Redis(url);
  const [key = ''] = (await redis.keys('*:commands:*')).filter((name) => name.includes('urn'));
  const text = (await redis.hget(key, 'data')) ?? '';
  redis.disconnect();
  return text.length;
}
