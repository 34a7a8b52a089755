// A log as an outage leaves it: documents and wishes that were taken long ago, and that nobody has looked at since.
import { Redis } from 'ioredis';

import { SLOTS } from '../../engine/model/claim.ts';
import type { Input } from '../../engine/model/input.ts';
import { redisKeys } from '../../engine/model/redis-keys.ts';
import type { Wish } from '../judge.ts';
import { actuators, DEPARTMENT, LOADED_DEVICES, pointOfDevice } from './assets.ts';
import type { Subject } from './subject.ts';

/** Short enough to be over when the box comes back. */
const LEASE_SECONDS = 3_600;
/** The wishes came evenly over this time. */
const SPREAD_MS = 60_000;

/** Writes them under ids of `ageMs` milliseconds ago, as a gateway did then. Resolves with the wishes. */
export async function plantBacklog(
  town: Pick<Subject, 'redis' | 'options'>,
  { wishes, ageMs }: { wishes: number; ageMs: number },
): Promise<Wish[]> {
  const redis = new Redis(town.redis.url);
  const { log } = redisKeys();
  const begun = Date.now() - ageMs;
  const planted: Wish[] = [];
  const pipeline = redis.pipeline();
  const append = (at: number, index: number, input: Input) =>
    pipeline.xadd(log, `${Math.floor(at)}-${index}`, 'i', JSON.stringify(input));
  for (const [index, body] of actuators(town.options.provenWithinMs).entries())
    append(begun - 1, index, { kind: 'document', document: { of: 'asset', id: body.id, version: 1, body } });
  for (let index = 0; index < wishes; index += 1) {
    const at = begun + (index * SPREAD_MS) / wishes;
    // Below the values of the load, and growing.
    const wish: Wish = { point: pointOfDevice(index % LOADED_DEVICES), value: index + 1, askedAt: Math.floor(at) };
    planted.push(wish);
    append(at, index, wishInput(wish));
  }
  await pipeline.exec();
  redis.disconnect();
  return planted;
}

const wishInput = ({ point, value }: Wish): Input => ({
  kind: 'request',
  id: `backlog-${value}`,
  actor: { kind: 'flow', id: DEPARTMENT, roles: {} },
  department: DEPARTMENT,
  request: {
    do: 'claim',
    point,
    effect: 'set',
    value,
    slot: SLOTS.flow,
    rampSeconds: 0,
    leaseSeconds: LEASE_SECONDS,
    key: '',
    reason: 'chaos',
  },
});
