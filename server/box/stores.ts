// What every role of a box stands on: Redis, the database, the field bus, and the names they share.
import { once } from 'node:events';

import type { Logger } from 'pino';

import {
  closeRedis,
  createAccountStore,
  createAuditLog,
  createDocumentStore,
  createRecordReader,
  createTokenStore,
  openDatabase,
  openRedis,
  RedisLog,
  type AccountStore,
  type AuditLog,
  type Database,
  type DocumentStore,
  type RecordReader,
  type TokenStore,
} from '../../engine/index.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { SignalboxError } from '../../engine/model/errors.ts';
import { redisKeys, type RedisKeys } from '../../engine/model/redis-keys.ts';
import { checkRedisDurability, refusals } from '../launcher/redis-check.ts';
import type { Settings } from '../settings.ts';

/** The stores of one process. */
export interface Stores {
  keys: RedisKeys;
  /** For requests that fail fast while Redis is away. */
  redis: ReturnType<typeof openRedis>;
  log: RedisLog;
  database: Database;
  documents: DocumentStore;
  accounts: AccountStore;
  tokens: TokenStore;
  audit: AuditLog;
  records: RecordReader;
  close(): Promise<void>;
}

/** How long a starting core waits for Redis, in milliseconds; then it ends, and whoever supervises it tries again. */
const REDIS_PATIENCE_MS = 10_000;

/** Opens everything. Rejects when Redis is away, too old or would lose commands, or when the database cannot be opened. */
export async function openStores(settings: Settings, clock: Clock, logger: Logger): Promise<Stores> {
  const keys = redisKeys(settings.namespace);
  const redis = openRedis(settings.redisUrl, 'request', logger);
  await requireDurability(redis, settings, logger).catch((error: unknown) => {
    closeRedis(redis);
    throw error;
  });
  const log = new RedisLog({
    redis: openRedis(settings.redisUrl, 'request', logger),
    reader: openRedis(settings.redisUrl, 'worker', logger),
    key: keys.log,
    onUnreadable: (error) => logger.error({ err: error }, 'an entry of the log cannot be read and is passed over'),
  });
  const database = await openDatabase({
    folder: settings.dataFolder,
    log: logger,
    ...(settings.databaseUrl === undefined ? {} : { url: settings.databaseUrl }),
  });
  return {
    keys,
    redis,
    log,
    database,
    documents: createDocumentStore(database, clock),
    accounts: createAccountStore(database),
    tokens: createTokenStore(database),
    audit: createAuditLog(database),
    records: createRecordReader(database),
    async close() {
      await log.close();
      closeRedis(redis);
      await database.close();
    },
  };
}

/** Resolves when a connection can be used; rejects after `REDIS_PATIENCE_MS`. */
export async function whenReady(redis: Stores['redis']): Promise<void> {
  if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(REDIS_PATIENCE_MS) });
}

/** A core may be started without the launcher, so it asks by itself. */
async function requireDurability(redis: Stores['redis'], settings: Settings, logger: Logger): Promise<void> {
  await whenReady(redis);
  const problems = await checkRedisDurability(redis);
  const refused = refusals(problems, settings.allowUnsafeRedis);
  const text = refused.map(({ message }) => `REDIS_URL: ${message}`).join('\n');
  if (refused.length > 0) throw new SignalboxError('settings', { problems: text });
  if (problems.length > 0) logger.warn({ problems }, 'this Redis may lose commands, and that was allowed');
}
