// A Redis that has lost everything (FLUSHALL, a lost AOF): no sequence and no command id is used again, and devices obey on.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { redisKeys } from '../../engine/model/redis-keys.ts';
import type { CommandRecord } from '../../engine/model/command.ts';
import { incarnationOf, numbersAfter } from '../../engine/model/incarnation.ts';
import { startPrivateTestRedis, type TestRedis } from '../../test/redis.ts';
import { makeTempFolder, type TempFolder } from '../../test/temp-folder.ts';
import { freePort } from '../launcher/ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const PASSWORD = 'emptied-redis-test-1';
const EPOCH = redisKeys().epoch;
const OUTDATED = 'the device has taken a newer command';
const POINT = 'urn:ngsi-ld:Streetlight:market-square-9#level';

let folder: TempFolder;
let redis: TestRedis;
let programs: ChildProcess[];
let url: string;
let cookie = '';

beforeAll(async () => {
  folder = await makeTempFolder('signalbox-emptied-');
  redis = await startPrivateTestRedis();
  const [port, mqttPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  const core = run('server/main.ts', {
    PORT: String(port),
    MQTT_PORT: String(mqttPort),
    MQTT_CREDENTIALS: JSON.stringify({ field: PASSWORD }),
    REDIS_URL: redis.url,
    SIGNALBOX_DATA: folder.path,
    SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
    SIGNALBOX_DEMO: '1',
    SIGNALBOX_ALLOW_UNSAFE_REDIS: '0',
  });
  const simulator = run('examples/harbourton/simulator/main.ts', {
    MQTT_URL: `mqtt://field:${PASSWORD}@127.0.0.1:${mqttPort}`,
    SIGNALBOX_SIMULATOR_FOLDER: folder.path,
  });
  programs = [core, simulator];
  await vi.waitFor(signIn, { timeout: 120_000, interval: 300 });
}, 150_000);

afterAll(async () => {
  for (const child of programs) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await redis.stop();
  await folder.remove();
}, 30_000);

function run(program: string, environment: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, LOG_LEVEL: 'error', ...environment };
  return spawn(process.execPath, [join(ROOT, program)], { cwd: folder.path, env, stdio: 'ignore' });
}

async function signIn(): Promise<void> {
  const answer = await call('/api/session', {
    method: 'POST',
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  });
  expect(answer.status).toBe(200);
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}${path}`, { ...init, headers: { cookie, 'content-type': 'application/json' } });

/** An operator takes the lamp; resolves with the command that was verified, and with every one of the point so far. */
async function dim(value: number): Promise<{ verified: CommandRecord; all: CommandRecord[] }> {
  await vi.waitFor(
    async () => {
      const asked = await call(`/api/points/${encodeURIComponent(POINT)}/claims`, {
        method: 'POST',
        body: JSON.stringify({ effect: 'set', value, leaseSeconds: 600, reason: 'a test of forgetting' }),
      });
      expect(asked.status).toBe(202);
    },
    { timeout: 30_000, interval: 300 },
  );
  return vi.waitFor(
    async () => {
      const { commands }: { commands: CommandRecord[] } = await (await call('/api/commands?limit=1000')).json();
      const all = commands.filter(({ command }) => command.point === POINT);
      const verified = all.find(
        ({ command: { want }, steps }) => 'value' in want && want.value === value && steps.at(-1)?.state === 'verified',
      );
      expect(all.map(({ steps }) => steps.at(-1))).toContainEqual(expect.objectContaining({ state: 'verified' }));
      if (!verified) throw new Error(`no command for ${value} is verified`);
      return { verified, all };
    },
    { timeout: 60_000, interval: 250 },
  );
}

it(
  'begins a new incarnation: devices take its commands as newer ones, and no id comes twice',
  { timeout: 180_000 },
  async () => {
    const seen = new Map<string, string>();
    const note = ({ all }: { all: CommandRecord[] }) => {
      for (const { command } of all) {
        const what = `${JSON.stringify(command.want)} ${command.issuedAt}`;
        expect(seen.get(command.commandId) ?? what).toBe(what);
        seen.set(command.commandId, what);
      }
    };
    const before = await dim(0.4);
    note(before);
    expect(incarnationOf(before.verified.command.sequence)).toBe(0);
    const emptier = new Redis(redis.url);
    for (const incarnation of [1, 2]) {
      await emptier.flushall();
      await vi.waitFor(
        async () => expect(Number(await emptier.get(EPOCH))).toBeGreaterThan(numbersAfter(incarnation)),
        {
          timeout: 20_000,
          interval: 50,
        },
      );
      // At once, before the engine knows its documents again: what was accepted is not lost.
      const after = await dim(0.4 + incarnation / 10);
      note(after);
      const { sequence, fence } = after.verified.command;
      expect([incarnationOf(sequence), incarnationOf(fence)]).toEqual([incarnation, incarnation]);
      // The simulated cabinet keeps the contract's rules: a number that is not higher would be outdated.
      expect(after.all.flatMap(({ steps }) => steps.map(({ detail }) => detail))).not.toContain(OUTDATED);
    }
    emptier.disconnect();
  },
);
