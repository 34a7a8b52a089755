import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Client } from 'pg';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { DATABASE_LIMITS, PostgresDatabase, type DatabaseLimits } from './postgres-database.ts';
import { describeAudit } from './audit.testsuite.ts';
import { describeHistory } from './history.testsuite.ts';
import { describePeople } from './people.testsuite.ts';
import { describeStore, type TestDatabase } from './store.testsuite.ts';

const log = pino({ level: 'silent' });
const DATABASE_URL = process.env['DATABASE_URL'] ?? '';
/** The promise of the record plane: an answer or a refusal, never a wait; with room for a busy machine. */
const AT_MOST_MS = 2_500;

describe.skipIf(DATABASE_URL === '')('the record plane on PostgreSQL (DATABASE_URL)', () => {
  describeStore(openMigrated);
  describeHistory(openMigrated);
  describePeople(openMigrated);
  describeAudit(openMigrated);

  it('is migrated once by many processes that start together', async () => {
    const schema = await makeSchema();
    const databases = Array.from({ length: 4 }, () => new PostgresDatabase(schema.url, log));
    const applied = await Promise.all(databases.map((database) => migrate(database)));
    expect(applied.flat()[0]).toBe('0001-record-plane.sql');
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    await Promise.all(databases.map((database) => database.close()));
    await schema.drop();
  });

  it('rejects while the server is gone, also in a transaction, and works again when it is back', async () => {
    const line = await startLine();
    const database = connectTo(line.url);
    const ask = (): Promise<unknown> => database.query('select 1 as one');
    const begun = Promise.withResolvers<void>();
    const resume = Promise.withResolvers<void>();
    const transaction = database.transaction(async (scope) => {
      await scope.query('select 1');
      begun.resolve();
      await resume.promise;
      await scope.query('select 2');
    });
    await begun.promise;
    await line.cut();
    resume.resolve();
    await expect(transaction).rejects.toMatchObject({ code: 'database-unavailable' });
    await expectUnavailable(ask);
    await line.restore();
    await expect.poll(ask).toEqual([{ one: 1 }]);
  });

  it('rejects a statement on a connection that answers nothing any more, and uses another next time', async () => {
    const line = await startLine();
    const database = connectTo(line.url, { ...DATABASE_LIMITS, statementMs: 200 });
    await database.query('select 1');
    line.freeze();
    await expectUnavailable(() => database.query('select 1'));
    line.thaw();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('stops a statement and a transaction that take too long', async () => {
    const database = connectTo(DATABASE_URL, { ...DATABASE_LIMITS, statementMs: 200, transactionMs: 400 });
    await expectUnavailable(() => database.query('select pg_sleep(30)'));
    await expectUnavailable(() => database.transaction(() => new Promise(() => undefined)));
    expect(await database.longTransaction((scope) => scope.query('select pg_sleep(0.6)'), 5_000)).toHaveLength(1);
  });

  it('rejects within 2 s when all connections are taken', async () => {
    const database = connectTo(DATABASE_URL);
    const resume = Promise.withResolvers<void>();
    const holders = Array.from({ length: 6 }, () => database.transaction(() => resume.promise));
    await expectUnavailable(() => database.query('select 1'));
    resume.resolve();
    await Promise.all(holders);
  });
});

it('rejects within 2 s where nobody listens, without the password', async () => {
  const line = await listen(createServer());
  const url = `postgres://signalbox:hush@127.0.0.1:${portOf(line)}/signalbox`;
  line.close();
  await once(line, 'close');
  const opening = openDatabase({ url, folder: '/nowhere', log });
  await expect(opening).rejects.toMatchObject({ code: 'database-unavailable' });
  await expect(opening).rejects.not.toThrow('hush');
});

it('rejects within 2 s where somebody listens and says nothing', async () => {
  const silent = await listen(createServer());
  onTestFinished(() => void silent.close());
  const database = connectTo(`postgres://signalbox@127.0.0.1:${portOf(silent)}/signalbox`);
  await expectUnavailable(() => database.query('select 1'));
});

it('refuses queries after its end, which may come twice', async () => {
  const database = connectTo('postgres://127.0.0.1:1/signalbox');
  await database.close();
  await database.close();
  await expect(database.query('select 1')).rejects.toMatchObject({ code: 'database-unavailable' });
});

async function expectUnavailable(ask: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await expect(ask()).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(performance.now() - begun).toBeLessThan(AT_MOST_MS);
}

function connectTo(url: string, limits?: DatabaseLimits): PostgresDatabase {
  const database = new PostgresDatabase(url, log, limits);
  onTestFinished(() => database.close());
  return database;
}

async function openMigrated(): Promise<TestDatabase> {
  const schema = await makeSchema();
  const database = new PostgresDatabase(schema.url, log);
  await migrate(database);
  return {
    database,
    close: async () => {
      await database.close();
      await schema.drop();
    },
  };
}

/** A schema of its own, so that runs share a server without meeting. */
async function makeSchema(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `signalbox_test_${randomBytes(6).toString('hex')}`;
  const run = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: DATABASE_URL });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await run(`create schema ${name}`);
  const url = new URL(DATABASE_URL);
  url.searchParams.set('options', `-c search_path=${name}`);
  return { url: url.href, drop: () => run(`drop schema ${name} cascade`) };
}

/** A line to the real server that can be cut, restored, and made to carry nothing. */
async function startLine() {
  const { hostname, port } = new URL(DATABASE_URL);
  const sockets = new Set<Socket>();
  const start = async (at: number): Promise<Server> =>
    listen(
      createServer((near) => {
        const far = connect(Number(port || 5432), hostname);
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(from);
          from.pipe(to);
          from.on('error', () => to.destroy());
          from.on('close', () => {
            to.destroy();
            sockets.delete(from);
          });
        }
      }),
      at,
    );
  let server = await start(0);
  const ownPort = portOf(server);
  const frozen = new Set<Socket>();
  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  onTestFinished(cut);
  const url = new URL(DATABASE_URL);
  url.hostname = '127.0.0.1';
  url.port = String(ownPort);
  return {
    url: url.href,
    cut,
    restore: async () => {
      server = await start(ownPort);
    },
    freeze: () => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
        frozen.add(socket);
      }
    },
    /** What was frozen is lost; new connections work. */
    thaw: () => {
      for (const socket of frozen) socket.destroy();
    },
  };
}

async function listen(server: Server, port = 0): Promise<Server> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
