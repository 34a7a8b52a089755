import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { findRedisServer } from '../../test/redis.ts';
import { makeTempFolder } from '../../test/temp-folder.ts';
import { spawnGuarded } from './lifeline.ts';
import { freePort } from './ports.ts';
import { preparePrivateRedis, type PrivateRedis } from './private-redis.ts';

it('keeps every answered write through kill -9, with the same port and password', async () => {
  const redis = await prepare();
  const first = await start(redis);
  const client = connect(redis.url);
  await client.set('lamp', 'lit');
  first.kill('SIGKILL');
  await once(first, 'exit');
  await start(redis);
  expect(await client.get('lamp')).toBe('lit');
});

it('runs with settings that lose no command', async () => {
  const redis = await prepare();
  await start(redis);
  const client = connect(redis.url);
  const names = [
    'appendonly',
    'appendfsync',
    'no-appendfsync-on-rewrite',
    'maxmemory-policy',
    'maxmemory',
    'save',
    'bind',
  ];
  const settings: string[] = [];
  for (const name of names) settings.push((await client.config('GET', name)).join(' '));
  expect(settings).toEqual([
    'appendonly yes',
    'appendfsync always',
    'no-appendfsync-on-rewrite no',
    'maxmemory-policy noeviction',
    `maxmemory ${512 * 1024 * 1024}`,
    'save ',
    'bind 127.0.0.1',
  ]);
});

it('answers nobody who lacks the password', async () => {
  const redis = await prepare();
  await start(redis);
  const stranger = connect(redis.url.replace(/:[^:@]+@/, ':guess@'));
  await expect(stranger.get('lamp')).rejects.toThrow(/WRONGPASS|NOAUTH/);
});

it('keeps the password out of the command line and its files to the owner', async () => {
  const redis = await prepare();
  expect(redis.args.join(' ')).not.toContain('secret');
  const file = redis.args[0] ?? '';
  expect(await readFile(file, 'utf8')).toContain('requirepass secret');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
});

async function prepare(): Promise<PrivateRedis> {
  const folder = await makeTempFolder();
  onTestFinished(() => folder.remove());
  // A space and a quote, as a folder's name may have.
  return preparePrivateRedis({
    command: findRedisServer(),
    folder: join(folder.path, 'my "data'),
    port: await freePort(),
    password: 'secret',
  });
}

async function start(redis: PrivateRedis) {
  const child = spawnGuarded(redis.command, redis.args, { env: {} });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await redis.ready(AbortSignal.timeout(10_000));
  return child;
}

function connect(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 200 });
  client.on('error', () => undefined);
  onTestFinished(() => client.disconnect());
  return client;
}
