import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { commandLineOf, descendantsOf, isAlive } from '../../test/processes.ts';
import { findRedisServer, startPrivateTestRedis } from '../../test/redis.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { freePort } from './ports.ts';

const LAUNCHER = join(import.meta.dirname, '../../test/fixtures/box-launcher.ts');
const WITHIN_5_S = { timeout: 5000, interval: 20 };

describe('a box on a machine without anything', () => {
  it('starts, tells where to look and how to sign in, and gives each process only what it needs', async () => {
    const box = await makeBox();
    await writeFile(join(box.data, 'first-sign-in.txt'), 'name: admin\npassword: amber-lamp-post\n');
    const running = box.launch({ HOME: '/home/ann', SECRET_OF_SOMEBODY_ELSE: 'x' });
    await running.allReady;
    const text = running
      .output()
      .replaceAll(String(box.port), 'PORT')
      .replaceAll(box.data, 'DATA')
      .replace(/(mqtt:.*:)\d+/, '$1MQTT_PORT')
      .replaceAll(/[\d.]+ s\b/g, 'N s');
    expect(
      text
        .split('\n')
        .filter((line) => !/^(\{|all ready$|warning: flows are not isolated)/.test(line))
        .join('\n')
        .trimEnd(),
    ).toMatchInlineSnapshot(`
      "starting redis …
      starting flows:traffic …
      starting flows:lighting …
      starting flows:waste …
      starting simulator …
      redis ready in N s
      starting core …

        Signalbox is ready (N s).

        Look at      http://127.0.0.1:PORT/
        Sign in as   admin, password amber-lamp-post
        Node-RED, one per department:
          traffic      http://127.0.0.1:PORT/flows/traffic/
          lighting     http://127.0.0.1:PORT/flows/lighting/
          waste        http://127.0.0.1:PORT/flows/waste/
        Field bus    mqtt://127.0.0.1:MQTT_PORT (docs/field-contract.md)

        Data in      DATA
        Ctrl-C ends everything."
    `);
    const core = await box.environmentOf('');
    const traffic = await box.environmentOf('flows/traffic');
    const simulator = await box.environmentOf('simulator');
    expect({ core: names(core), traffic: names(traffic), simulator: names(simulator) }).toMatchInlineSnapshot(`
      {
        "core": "HOME HOST MQTT_CREDENTIALS MQTT_PORT PATH PORT REDIS_URL SIGNALBOX_ALLOW_UNSAFE_REDIS SIGNALBOX_DATA SIGNALBOX_DEMO SIGNALBOX_FLOWS SIGNALBOX_LINK_TOKENS",
        "simulator": "HOME MQTT_URL PATH SIGNALBOX_SIMULATOR_FOLDER",
        "traffic": "FLOWS_MQTT_URL FLOWS_PORT HOME PATH SIGNALBOX_CORE_URL SIGNALBOX_DEPARTMENT SIGNALBOX_FLOWS_DIR SIGNALBOX_LINK_TOKEN",
      }
    `);
    const passwords: unknown = JSON.parse(core['MQTT_CREDENTIALS'] ?? '');
    expect(passwords).toEqual({
      core: expect.any(String),
      field: expect.any(String),
      traffic: expect.any(String),
      lighting: expect.any(String),
      waste: expect.any(String),
    });
    expect(passwords).toMatchObject({ traffic: new URL(traffic['FLOWS_MQTT_URL'] ?? '').password });
    expect(JSON.parse(core['SIGNALBOX_LINK_TOKENS'] ?? '')).toMatchObject({ traffic: traffic['SIGNALBOX_LINK_TOKEN'] });
    expect(JSON.parse(core['SIGNALBOX_FLOWS'] ?? '')).toMatchObject({
      traffic: `http://127.0.0.1:${traffic['FLOWS_PORT']}`,
    });
  });

  it('tells the way back to a lost password, and that the given one holds', async () => {
    const box = await makeBox();
    const first = box.launch();
    await first.allReady;
    expect(signInOf(first.output())).toMatchInlineSnapshot(`
      "  Sign in with your account, or as admin.
                     Lost its password? Start once with SIGNALBOX_ADMIN_PASSWORD=…"
    `);
    await first.end('SIGTERM');
    const second = box.launch({ SIGNALBOX_ADMIN_PASSWORD: 'amber-lamp-post' });
    await second.allReady;
    expect(signInOf(second.output())).toMatchInlineSnapshot(
      `"  Sign in as   admin, with the password of SIGNALBOX_ADMIN_PASSWORD"`,
    );
  });

  it('keeps its secrets from start to start, to their owner only', async () => {
    const box = await makeBox();
    const first = box.launch();
    await first.allReady;
    await first.end('SIGTERM');
    const secrets = await readFile(join(box.data, 'secrets.json'), 'utf8');
    await box.launch().allReady;
    expect(await readFile(join(box.data, 'secrets.json'), 'utf8')).toBe(secrets);
    expect((await stat(join(box.data, 'secrets.json'))).mode & 0o777).toBe(0o600);
    // Root's departments pass through it to folders of their own, and see nothing on their way.
    expect((await stat(box.data)).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
  });
});

it('notes the field bus with the simulator’s credential while the demo city runs, to its owner only', async () => {
  const box = await makeBox();
  const file = join(box.data, 'field-bus.json');
  const running = box.launch();
  await running.allReady;
  const { MQTT_URL: url } = await vi.waitFor(() => box.environmentOf('simulator'), WITHIN_5_S);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ url });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await running.end('SIGTERM');
  await expect(stat(file)).rejects.toThrow('ENOENT');
  const given = { MQTT_URL: 'mqtt://core:a@127.0.0.1:1', FIELD_MQTT_URL: 'mqtt://field:b@127.0.0.1:1' };
  const onGivenBus = box.launch(given);
  await onGivenBus.allReady;
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ url: given.FIELD_MQTT_URL });
  await onGivenBus.end('SIGTERM');
  await box.launch({ SIGNALBOX_DEMO: '0' }).allReady;
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

describe('a running box', () => {
  it('heals kill -9 of any one of its processes', async () => {
    const box = await makeBox();
    const running = box.launch();
    await running.allReady;
    const before = running.services();
    expect(before.size).toBe(6);
    for (const pid of before.values()) process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => [...running.services()].filter(([name, pid]) => before.get(name) !== pid).length, WITHIN_5_S)
      .toBe(6);
    await expect.poll(() => box.isHealthy(), WITHIN_5_S).toBe(true);
  });

  it('ends every process within 5 s when its launcher is killed, and the next start works at once', async () => {
    const box = await makeBox();
    const killed = box.launch();
    await killed.allReady;
    await box.redis(async (redis) => void (await redis.set('lamp', 'lit')));
    const left = killed.descendants();
    await killed.end('SIGKILL');
    await box.launch().allReady;
    await expect.poll(() => left.filter(isAlive), WITHIN_5_S).toEqual([]);
    expect(await box.redis((redis) => redis.get('lamp'))).toBe('lit');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends everything cleanly on %s', async (signal) => {
    const box = await makeBox();
    const running = box.launch();
    await running.allReady;
    const left = running.descendants();
    expect(left.length).toBeGreaterThanOrEqual(6);
    expect(await running.end(signal)).toBe(0);
    // A guard that was killed with its service may take a moment to be gone.
    await expect.poll(() => left.filter(isAlive), { timeout: 500, interval: 5 }).toEqual([]);
  });

  it('ends when the process that started it is gone', async () => {
    const box = await makeBox();
    const running = box.launch();
    await running.allReady;
    running.child.disconnect();
    expect(await running.ended).toBe(0);
  });
});

describe('a box that cannot start', () => {
  it('refuses a data folder that another launcher uses', async () => {
    const box = await makeBox();
    await box.launch().allReady;
    const second = box.launch({ PORT: String(await freePort()) });
    expect(await second.ended).toBe(1);
    expect(second.output().replaceAll(box.data, 'DATA')).toMatchInlineSnapshot(`
      "signalbox: The settings cannot be used:
      SIGNALBOX_DATA: DATA belongs to a Signalbox that runs now; stop it, or set SIGNALBOX_DATA to another folder"
    `);
  });

  it('refuses a Redis that would lose commands, unless it is told to take it', async () => {
    const box = await makeBox();
    const server = await startPrivateTestRedis();
    const redis = new Redis(server.url);
    onTestFinished(async () => {
      redis.disconnect();
      await server.stop();
    });
    await redis.config('SET', 'appendonly', 'no');
    const refused = box.launch({ REDIS_URL: server.url });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatchInlineSnapshot(`
      "signalbox: The settings cannot be used:
      REDIS_URL: Redis has "appendonly no", so a restart of Redis would lose commands. Set "appendonly yes" (redis-cli CONFIG SET appendonly yes, and in redis.conf), or allow it with SIGNALBOX_ALLOW_UNSAFE_REDIS=1."
    `);
    await box.launch({ REDIS_URL: server.url, SIGNALBOX_ALLOW_UNSAFE_REDIS: '1' }).allReady;
  });

  it('refuses a Redis program that is too old, before it is started', async () => {
    const box = await makeBox();
    const old = join(box.data, 'old-redis-server');
    // What Ubuntu 22.04 installs, as far as `--version` goes.
    await writeFile(old, '#!/bin/sh\necho "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64"\n', {
      mode: 0o755,
    });
    const refused = box.launch({ SIGNALBOX_REDIS_SERVER: old });
    expect(await refused.ended).toBe(1);
    expect(refused.output().replaceAll(old, 'OLD')).toMatchInlineSnapshot(`
      "signalbox: The settings cannot be used:
      SIGNALBOX_REDIS_SERVER: OLD: found Redis 6.0.16; needed is Redis 6.2 or newer, or Valkey (older ones cannot trim the log behind a checkpoint: XTRIM MINID). Install a newer one, or set REDIS_URL to one."
    `);
  });

  it('says who is missing when nobody answers at REDIS_URL', async () => {
    const box = await makeBox();
    const refused = box.launch({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatchInlineSnapshot(`
      "signalbox: The settings cannot be used:
      REDIS_URL: nobody answers there as Redis (connect ECONNREFUSED 127.0.0.1:1)"
    `);
  });

  it('says so when the port stays in use', async () => {
    const box = await makeBox();
    const other = createServer().listen(box.port, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const refused = box.launch();
    expect(await refused.ended).toBe(1);
    expect(refused.output().replaceAll(String(box.port), 'NNNN')).toMatchInlineSnapshot(`
      "signalbox: The settings cannot be used:
      PORT: NNNN on 127.0.0.1 is in use; stop what listens there, or set PORT to another"
    `);
  });
});

/** What the banner says about signing in. */
const signInOf = (output: string): string | undefined => / {2}Sign in [^]*?(?=\n {2}Node-RED)/.exec(output)?.[0];

function names(environment: Record<string, string>): string {
  return Object.keys(environment)
    .filter((name) => name !== 'PWD')
    .toSorted()
    .join(' ');
}

/** A data folder and a port, and launchers on them that end with the test. */
async function makeBox() {
  const folder = await makeTempFolder();
  const port = await freePort();
  const data = folder.path;
  onTestFinished(() => folder.remove());
  return {
    data,
    port,
    launch: (environment: Record<string, string> = {}) =>
      launch({ SIGNALBOX_DATA: data, PORT: String(port), ...environment }),
    /** What a process was given, once it has written that down. */
    environmentOf: (place: string): Promise<Record<string, string>> =>
      vi.waitFor(async () => JSON.parse(await readFile(join(data, place, 'environment.json'), 'utf8')), 10_000),
    isHealthy: () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (response) => response.ok,
        () => false,
      ),
    async redis<T>(use: (redis: Redis) => Promise<T>): Promise<T> {
      const environment: Record<string, string> = JSON.parse(await readFile(join(data, 'environment.json'), 'utf8'));
      const redis = new Redis(environment['REDIS_URL'] ?? '');
      return use(redis).finally(() => redis.disconnect());
    },
  };
}

function launch(environment: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [LAUNCHER], {
    env: { PATH: process.env['PATH'], SIGNALBOX_REDIS_SERVER: findRedisServer(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  const collect = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(async () => void (await end('SIGKILL')));
  const allReady = async () => {
    await expect.poll(() => printed, { timeout: 30_000, interval: 20 }).toContain('all ready');
  };
  return {
    child,
    ended,
    end,
    output: () => printed.trim(),
    /** Looked at only where it is awaited: a box that cannot start never is. */
    get allReady() {
      return allReady();
    },
    descendants: () => descendantsOf(child.pid!),
    /** Service to process id, without the guards. */
    services: () => new Map(starts(printed).filter(([, pid]) => isAlive(pid) && commandLineOf(pid) !== '')),
  };
}

/** Which process each service is now, by the launcher's log. */
function starts(printed: string): [string, number][] {
  const lines = printed.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  const entries: { msg: string; service: string; pid: number }[] = lines.map((line) => JSON.parse(line));
  return entries.filter(({ msg }) => msg === 'service starts').map(({ service, pid }) => [service, pid]);
}
