import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { startPrivateTestRedis } from '../../test/redis.ts';
import { checkRedisDurability } from './redis-check.ts';

it('finds nothing wrong with the private server', async () => {
  expect(await checkRedisDurability(await connect())).toEqual([]);
});

it('names every setting that would lose commands, what it does and what to set', async () => {
  const redis = await connect();
  // A plain Redis as most packages install it, and as a cache is set up.
  await redis.config('SET', 'appendonly', 'no');
  await redis.config('SET', 'appendfsync', 'everysec');
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const problems = await checkRedisDurability(redis);
  expect(problems.map(({ path, message }) => `${path}: ${message}`).join('\n')).toMatchInlineSnapshot(`
    "appendonly: Redis has "appendonly no", so a restart of Redis would lose commands. Set "appendonly yes" (redis-cli CONFIG SET appendonly yes, and in redis.conf), or allow it with SIGNALBOX_ALLOW_UNSAFE_REDIS=1.
    appendfsync: Redis has "appendfsync everysec", so a power cut would lose commands that were already acknowledged. Set "appendfsync always" (redis-cli CONFIG SET appendfsync always, and in redis.conf), or allow it with SIGNALBOX_ALLOW_UNSAFE_REDIS=1.
    maxmemory-policy: Redis has "maxmemory-policy allkeys-lru", so a full Redis would throw commands away. Set "maxmemory-policy noeviction" (redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf), or allow it with SIGNALBOX_ALLOW_UNSAFE_REDIS=1."
  `);
});

it('says so when the server does not let its settings be read', async () => {
  const redis = await connect();
  await redis.call('ACL', 'SETUSER', 'tenant', 'on', '>pw', '~*', '+@all', '-config');
  const tenant = redis.duplicate({ username: 'tenant', password: 'pw' });
  onTestFinished(() => tenant.disconnect());
  expect(await checkRedisDurability(tenant)).toMatchInlineSnapshot(`
    [
      {
        "code": "redis-setting-unreadable",
        "message": "Redis does not tell its setting appendonly (NOPERM this user has no permissions to run the 'config|get' command), so nobody knows whether it would lose commands. Allow CONFIG GET for this user, or, when you know that it has "appendonly yes", "appendfsync always" and "maxmemory-policy noeviction", say so with SIGNALBOX_ALLOW_UNSAFE_REDIS=1.",
        "path": "appendonly",
      },
    ]
  `);
});

async function connect(): Promise<Redis> {
  const server = await startPrivateTestRedis();
  const redis = new Redis(server.url);
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  return redis;
}
