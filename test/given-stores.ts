// The stores that a whole box of a test shall use: those given by URL, kept apart from other tests; else none, and the box brings its own.
import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Settings for a box, and the end of what was made for it in the given stores. */
export interface GivenStores {
  readonly environment: Readonly<Record<string, string>>;
  /** Removes the test's own keys and schema. Safe to call twice. */
  drop(): Promise<void>;
}

/** Takes REDIS_URL, DATABASE_URL and MQTT_URL as the tests were given them. */
export async function givenStores(): Promise<GivenStores> {
  const name = `t${randomUUID().slice(0, 8)}`;
  const { REDIS_URL: redisUrl = '', DATABASE_URL: databaseUrl = '', MQTT_URL: mqttUrl = '' } = process.env;
  if (databaseUrl !== '') await inDatabase(databaseUrl, `create schema ${name}`);
  return {
    environment: {
      SIGNALBOX_NAMESPACE: name,
      ...(redisUrl === '' ? {} : { REDIS_URL: redisUrl }),
      ...(databaseUrl === '' ? {} : { DATABASE_URL: withSchema(databaseUrl, name) }),
      ...(mqttUrl === '' ? {} : { MQTT_URL: mqttUrl }),
    },
    async drop() {
      if (databaseUrl !== '') await inDatabase(databaseUrl, `drop schema if exists ${name} cascade`);
      if (redisUrl !== '') await dropKeys(redisUrl, `{${name}}:*`);
    },
  };
}

function withSchema(url: string, schema: string): string {
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${schema}`);
  return own.href;
}

async function inDatabase(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function dropKeys(url: string, pattern: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: pattern, count: 1_000 })) {
    const found: string[] = keys;
    if (found.length > 0) await redis.unlink(found);
  }
  redis.disconnect();
}
