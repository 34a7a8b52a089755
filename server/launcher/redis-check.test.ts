import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { startPrivateTestRedis } from '../../test/redis.ts';
import { checkRedisDurability, refusals, versionProblem } from './redis-check.ts';

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

it('refuses a Redis that is older than 6.2, whatever was allowed', () => {
  const problem = versionProblem('# Server\r\nredis_version:6.0.16\r\nredis_git_sha1:00000000\r\n');
  expect(problem?.message).toMatchInlineSnapshot(
    `"found Redis 6.0.16; needed is Redis 6.2 or newer, or Valkey (older ones cannot trim the log behind a checkpoint: XTRIM MINID). Install a newer one, or set REDIS_URL to one."`,
  );
  expect(refusals(problem ? [problem] : [], true)).toEqual([problem]);
});

it.each([
  ['redis_version:6.2.0', true],
  ['redis_version:7.0.15', true],
  ['redis_version:10.0.0', true],
  // Valkey 8 and 9 name the Redis that they are compatible with.
  ['server_name:valkey\r\nredis_version:7.2.4\r\nvalkey_version:9.0.0', true],
  ['Redis server v=8.0.2 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', true],
  ['Valkey server v=8.1.1 sha=00000000:0', true],
  ['Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64', false],
  ['redis_version:6.1.99', false],
  ['redis_version:5.0.14', false],
  ['', true],
])('reads the version in %s', (text, isNewEnough) => {
  expect(versionProblem(text) === undefined).toBe(isNewEnough);
});

it('lets unsafe settings pass when they were allowed', async () => {
  const redis = await connect();
  await redis.config('SET', 'appendonly', 'no');
  const problems = await checkRedisDurability(redis);
  expect([refusals(problems, false).length, refusals(problems, true).length]).toEqual([1, 0]);
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
