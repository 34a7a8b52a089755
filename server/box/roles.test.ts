// The core's roles as processes of their own: two engines, a worker and a gateway that share Redis, PostgreSQL and a broker.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';

import { givenStores, type GivenStores } from '../../test/given-stores.ts';
import { makeTempFolder, type TempFolder } from '../../test/temp-folder.ts';
import { EmbeddedBroker } from '../../engine/index.ts';
import { freePort } from '../launcher/ports.ts';

const CORE = join(import.meta.dirname, '../main.ts');
const PASSWORD = 'roles-test-1';
const isPostgresGiven = (process.env['DATABASE_URL'] ?? '') !== '';

let folder: TempFolder;
let stores: GivenStores;
let broker: EmbeddedBroker;
let port: number;
const processes = new Map<string, ChildProcess>();

beforeAll(async () => {
  folder = await makeTempFolder('signalbox-roles-');
  stores = await givenStores();
  port = await freePort();
  broker = new EmbeddedBroker({
    port: 0,
    passwords: { core: PASSWORD },
    verifyDevice: () => Promise.resolve(false),
    logger: pino({ level: 'silent' }),
  });
  await broker.start();
});

afterAll(async () => {
  for (const child of processes.values()) child.kill('SIGKILL');
  await broker.stop();
  await stores.drop();
  await folder.remove();
});

function run(name: string, role: string): ChildProcess {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [CORE, '--role', role], {
    env: {
      PATH,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      REDIS_URL: inject('redisUrl'),
      MQTT_URL: `mqtt://core:${PASSWORD}@127.0.0.1:${broker.port}`,
      SIGNALBOX_DATA: folder.path,
      SIGNALBOX_ADMIN_PASSWORD: PASSWORD,
      ...stores.environment,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  processes.set(name, child);
  return child;
}

async function health(): Promise<{ ready: boolean; missing: string[] }> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  const report: { ready: boolean; missing: string[] } = JSON.parse(await answer.text());
  return report;
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });

it('says at once what a role alone needs, all of it', async () => {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [CORE, '--role', 'engine'], {
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  for (const name of ['REDIS_URL', 'DATABASE_URL', 'MQTT_URL']) expect(said).toContain(name);
});

it.skipIf(!isPostgresGiven)(
  'runs in parts, and a standby engine takes over from one that was killed (needs DATABASE_URL)',
  { timeout: 90_000 },
  async () => {
    run('gateway', 'gateway');
    await eventually(async () => expect((await health()).missing).toEqual(['engine']));
    run('worker', 'worker');
    const first = run('first engine', 'engine');
    await eventually(async () => expect(await health()).toMatchObject({ ready: true, missing: [] }));
    run('second engine', 'engine');
    first.kill('SIGKILL');
    await once(first, 'exit');
    await eventually(async () => expect((await health()).missing).toEqual(['engine']));
    await eventually(async () => expect((await health()).ready).toBe(true));
    expect(processes.get('second engine')?.exitCode).toBeNull();
  },
);
