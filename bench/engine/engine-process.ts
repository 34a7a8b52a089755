// The engine of `bench -- engine` in a process of its own, so that it can be killed: the real log, checkpoints and lease.
import { Redis } from 'ioredis';

import { Engine } from '../../engine/fold/engine.ts';
import { RedisCheckpointStore } from '../../engine/fold/redis-checkpoint.ts';
import { RedisLease } from '../../engine/fold/redis-lease.ts';
import { RedisLog } from '../../engine/fold/redis-log.ts';
import { systemClock } from '../../engine/model/clock.ts';
import { redisKeys } from '../../engine/model/redis-keys.ts';
import { benchDocuments } from './documents.ts';

/** How often the parent is told how far the engine is, in milliseconds. */
const REPORT_EVERY_MS = 50;

const [url = ''] = process.argv.slice(2);
const keys = redisKeys('bench');
const connect = () => new Redis(url);
let longestPauseMs = 0;
const noteMs = (ms: number) => {
  longestPauseMs = Math.max(longestPauseMs, ms);
};
const engine = new Engine({
  log: new RedisLog({ redis: connect(), reader: connect(), key: keys.log }),
  checkpoints: new RedisCheckpointStore(connect(), keys, noteMs),
  lease: new RedisLease(connect(), keys, () => Promise.resolve(0)),
  sink: { deliver: () => Promise.resolve(), recorded: () => Promise.resolve() },
  documents: () => Promise.resolve(benchDocuments()),
  clock: systemClock,
  note: (event) => {
    if (event.event === 'checkpoint') noteMs(event.pauseMs);
    if (event.event === 'problem') process.stderr.write(`${String(event.error)}\n`);
  },
});
engine.start();
const report = () => process.send?.({ taken: engine.counts?.taken ?? 0, lastId: engine.lastId, longestPauseMs });
setInterval(report, REPORT_EVERY_MS);
process.on('disconnect', () => process.exit(0));
