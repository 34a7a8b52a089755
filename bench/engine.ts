// Measures the engine with the real log, checkpoints and fsync always: messages per second sustained, the longest pause that
// a checkpoint makes, and how long it takes until a killed engine's successor has caught up. One line of JSON.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';

import { RedisLog } from '../engine/fold/redis-log.ts';
import { redisKeys } from '../engine/model/redis-keys.ts';
import { startPrivateTestRedis } from '../test/redis.ts';
import { benchDocuments, benchWorkload } from './engine/documents.ts';
import { wait } from './pipeline/measure.ts';
import { inputOf } from './rules/contestants.ts';

/** Messages per append, and the most that may be in the log and not yet evaluated. */
const GROUP = 200;
const MOST_AHEAD = 20_000;
const WARM_UP_MS = 5_000;
const MEASURE_MS = 20_000;
/** The rate at which the engine is killed, and how long it lasts before. */
const KILL_RATE = 20_000;
const BEFORE_KILL_MS = 4_000;
/** A successor that has not caught up by then is given up: `recoveryMs` is null. The log would soon be at its limit. */
const LONGEST_RECOVERY_MS = 20_000;
const READINGS_PER_MESSAGE = 3;

const redis = await startPrivateTestRedis();
const connection = new Redis(redis.url);
const log = new RedisLog({ redis: connection, reader: new Redis(redis.url), key: redisKeys('bench').log });
const workload = benchWorkload(200_000);
let appended = 0;
let lastId = '0-0';

const first = startEngine();
await log.append(benchDocuments(workload).map((document) => ({ kind: 'document', document })));
await until(() => first.state.lastId !== '0-0');
const begun = performance.now();
let from: { at: number; messages: number } | undefined;
while (performance.now() - begun < WARM_UP_MS + MEASURE_MS) {
  if (!from && performance.now() - begun > WARM_UP_MS) from = { at: performance.now(), messages: first.messages() };
  if (appended - first.messages() > MOST_AHEAD) await wait(2);
  else await appendGroup();
}
const readingsPerSecond = Math.round(
  (1_000 * (first.messages() - (from?.messages ?? 0))) / (performance.now() - (from?.at ?? 0)),
);
const { longestPauseMs } = first.state;
await appendAtKillRate((elapsedMs) => elapsedMs > BEFORE_KILL_MS);
const recovery = await killAndRecover();
console.log(
  JSON.stringify({
    bench: 'engine',
    readingsPerSecond,
    recoveryMs: recovery,
    pauseMsMax: Math.round(longestPauseMs * 10) / 10,
  }),
);
connection.disconnect();
await log.close();
await redis.stop();
process.exit(0);

function startEngine() {
  const child: ChildProcess = fork(join(import.meta.dirname, 'engine/engine-process.ts'), [redis.url]);
  const state = { taken: 0, lastId: '0-0', longestPauseMs: 0 };
  child.on('message', (said: object) => Object.assign(state, said));
  return { child, state, messages: () => state.taken / READINGS_PER_MESSAGE };
}

async function appendGroup(): Promise<void> {
  const now = Date.now();
  const inputs = Array.from({ length: GROUP }, () => {
    appended += 1;
    const message = workload.messages[appended % workload.messages.length] ?? { asset: 0, values: [0, 0, 0] };
    return inputOf(message, workload, { number: appended, now });
  });
  lastId = (await log.append(inputs)).at(-1) ?? lastId;
}

/** Milliseconds from the kill until a successor has evaluated everything that came until then, while more keeps coming. */
async function killAndRecover(): Promise<number | null> {
  const { child } = first;
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedAt = performance.now();
  const successor = startEngine();
  const hasCaughtUp = (): boolean => isNotBefore(successor.state.lastId, lastId);
  await appendAtKillRate((elapsedMs) => hasCaughtUp() || elapsedMs > LONGEST_RECOVERY_MS);
  const recoveryMs = hasCaughtUp() ? Math.round(performance.now() - killedAt) : null;
  successor.child.kill('SIGKILL');
  await once(successor.child, 'exit');
  return recoveryMs;
}

/** Appends at the rate at which the engine is killed until it is enough. */
async function appendAtKillRate(isEnough: (elapsedMs: number) => boolean): Promise<void> {
  const begunAt = performance.now();
  let sent = 0;
  for (let elapsedMs = 0; !isEnough(elapsedMs); elapsedMs = performance.now() - begunAt) {
    for (; sent < (KILL_RATE * elapsedMs) / 1_000; sent += GROUP) await appendGroup();
    await wait(5);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}

/** Is the engine within a report's time of the newest entry? */
function isNotBefore(done: string, newest: string): boolean {
  const [doneMs = 0] = done.split('-').map(Number);
  const [newestMs = 0] = newest.split('-').map(Number);
  return doneMs >= newestMs - 100;
}
