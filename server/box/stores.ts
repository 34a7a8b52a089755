// What every role of a box stands on: Redis, the database, the field bus, and the names they share.
import type { Logger } from 'pino';

import {
  closeRedis,
  createAccountStore,
  createAuditLog,
  createDocumentStore,
  createRecordReader,
  openDatabase,
  openRedis,
  RedisLog,
  type AccountStore,
  type AuditLog,
  type Database,
  type DocumentStore,
  type RecordReader,
} from '../../engine/index.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { redisKeys, type RedisKeys } from '../../engine/model/redis-keys.ts';
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
  audit: AuditLog;
  records: RecordReader;
  close(): Promise<void>;
}

/** Opens everything. Rejects when the database cannot be opened; Redis may come later. */
export async function openStores(settings: Settings, clock: Clock, logger: Logger): Promise<Stores> {
  const keys = redisKeys(settings.namespace);
  const redis = openRedis(settings.redisUrl, 'request', logger);
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
    audit: createAuditLog(database),
    records: createRecordReader(database),
    async close() {
      await log.close();
      closeRedis(redis);
      await database.close();
    },
  };
}
