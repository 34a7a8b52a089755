// What follows our death: everything of ours is killed for good, and the devices' own log says what they did then.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import type { PointView } from '../../engine/model/live.ts';
import { EFFECTS_FILE, type Effect } from '../../examples/harbourton/simulator/effects-log.ts';
import { startPrivateTestRedis, type TestRedis } from '../../test/redis.ts';
import { makeTempFolder, type TempFolder } from '../../test/temp-folder.ts';
import { freePort } from '../launcher/ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const PASSWORD = 'our-death-test-1';
const LEASE_SECONDS = 25;
/** Lamps of the three makes of cabinets, none of them at a crossing. */
const LAMPS = {
  'returns at lease': 'urn:ngsi-ld:Streetlight:river-path-9',
  'returns on link loss': 'urn:ngsi-ld:Streetlight:harbour-street-9',
  stays: 'urn:ngsi-ld:Streetlight:market-square-9',
} as const;

let folder: TempFolder;
let redis: TestRedis;
let core: ChildProcess;
let simulator: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = await makeTempFolder('signalbox-death-');
  redis = await startPrivateTestRedis();
  const [port, mqttPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  core = run('server/main.ts', {
    PORT: String(port),
    MQTT_PORT: String(mqttPort),
    MQTT_CREDENTIALS: JSON.stringify({ field: PASSWORD }),
    REDIS_URL: redis.url,
    SIGNALBOX_DATA: folder.path,
    SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
    SIGNALBOX_DEMO: '1',
    SIGNALBOX_ALLOW_UNSAFE_REDIS: '0',
  });
  simulator = run('examples/harbourton/simulator/main.ts', {
    MQTT_URL: `mqtt://field:${PASSWORD}@127.0.0.1:${mqttPort}`,
    SIGNALBOX_SIMULATOR_FOLDER: folder.path,
  });
}, 60_000);

afterAll(async () => {
  for (const child of [core, simulator]) {
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

async function signIn(): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  });
  expect(answer.status).toBe(200);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** What the lamp's hardware did, the oldest first. */
async function effectsOf(asset: string): Promise<{ did: string; at: number }[]> {
  const lines = (await readFile(join(folder.path, EFFECTS_FILE), 'utf8')).split('\n').slice(0, -1);
  return lines
    .map((line): Effect => JSON.parse(line))
    .filter((effect) => effect.asset === asset)
    .map(({ value, cause, at }) => ({ did: `${value} ${cause}`, at: Date.parse(at) }));
}

it(
  'each lamp does what its point declares, when all of ours is killed and never comes back',
  { timeout: 150_000 },
  async () => {
    const cookie = await vi.waitFor(signIn, { timeout: 60_000, interval: 500 });
    const call = (path: string, init: RequestInit = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { cookie, 'content-type': 'application/json' } });
    let askedAt = 0;
    for (const lamp of Object.values(LAMPS))
      await vi.waitFor(
        async () => {
          askedAt = Date.now();
          const asked = await call(`/api/points/${encodeURIComponent(`${lamp}#level`)}/claims`, {
            method: 'POST',
            body: JSON.stringify({ effect: 'set', value: 0.77, leaseSeconds: LEASE_SECONDS, reason: 'before the end' }),
          });
          expect(asked.status).toBe(202);
        },
        { timeout: 30_000, interval: 300 },
      );
    const seen = await vi.waitFor(
      async () => {
        for (const lamp of Object.values(LAMPS)) expect((await effectsOf(lamp)).at(-1)?.did).toBe('0.77 command');
        const city: { points: PointView[] } = await (await call('/api/city')).json();
        return new Map(city.points.map(({ point, afterDeath }) => [point, afterDeath]));
      },
      { timeout: 15_000, interval: 200 },
    );
    for (const [declared, lamp] of Object.entries(LAMPS)) expect(seen.get(`${lamp}#level`)).toBe(declared);

    const gone = once(core, 'exit');
    core.kill('SIGKILL');
    await gone;
    await redis.stop();
    const diedAt = Date.now();
    expect(diedAt - askedAt).toBeLessThan((LEASE_SECONDS - 10) * 1_000);

    await vi.waitFor(
      async () => expect((await effectsOf(LAMPS['returns at lease'])).at(-1)?.did).toMatch(/programme$/),
      {
        timeout: (LEASE_SECONDS + 20) * 1_000,
        interval: 500,
      },
    );
    const after = async (lamp: string) => (await effectsOf(lamp)).filter(({ at }) => at >= diedAt);
    const [atLease] = await after(LAMPS['returns at lease']);
    expect(atLease!.at - askedAt).toBeGreaterThan((LEASE_SECONDS - 3) * 1_000);
    expect(atLease!.at - askedAt).toBeLessThan((LEASE_SECONDS + 3) * 1_000);
    const [onLoss] = await after(LAMPS['returns on link loss']);
    expect(onLoss!.did).toMatch(/programme$/);
    expect(onLoss!.at - diedAt).toBeLessThan(8_000);
    expect(await after(LAMPS.stays)).toEqual([]);
    expect(simulator.exitCode).toBeNull();
  },
);
