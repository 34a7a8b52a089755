// What every database behind the record plane must do: run on PGlite and on PostgreSQL alike.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type Actor, type Role } from '../model/actor.ts';
import type { Clock } from '../model/clock.ts';
import type { CommandRecord, CommandState } from '../model/command.ts';
import type { Decision } from '../model/decision.ts';
import type { Reading } from '../model/reading.ts';
import { createAccountStore } from './accounts.ts';
import { createAuditLog } from './audit.ts';
import { createDocumentStore } from './documents.ts';
import { nextIncarnation } from './incarnations.ts';
import { migrate, type MigratableDatabase } from './migrate.ts';
import type { DocumentStore, StoredDocument } from './ports.ts';
import { createRecordReader } from './reader.ts';
import { BatchRecorder } from './recorder.ts';
import { Retention } from './retention.ts';

const START = Date.UTC(2026, 10, 22, 10);
const DAY_MS = 86_400_000;
const nobody = { decisions: [], commands: [], readings: [] };
const system = systemActor('test');
const ann: Actor = { kind: 'person', id: 'ann', roles: { traffic: ['rule-author'] } };

/** A migrated, empty database and its end. */
export interface TestDatabase {
  database: MigratableDatabase;
  close(): Promise<void>;
}

/** Describes the contract for one kind of database. */
export function describeStore(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: MigratableDatabase;
  beforeAll(async () => {
    opened = await open();
    ({ database } = opened);
  });
  afterAll(() => opened?.close());

  describe('the database', () => {
    it('rolls a transaction back when its work rejects', async () => {
      const failing = database.transaction(async (transaction) => {
        await transaction.query('insert into accounts values ($1, $2, $3::jsonb)', ['rolled-back', 'x', '{}']);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await createAccountStore(database).find('rolled-back')).toBeUndefined();
    });

    it('never turns a failed statement into a silent rollback', async () => {
      const swallowing = database.transaction(async (transaction) => {
        await transaction.query('select 1 / 0').catch(() => undefined);
        return 'done';
      });
      await expect(swallowing).rejects.toThrow('division by zero');
    });

    it('keeps the outer work when a nested transaction rejects', async () => {
      await database.transaction(async (outer) => {
        await outer.query('insert into accounts values ($1, $2, $3::jsonb)', ['outer', 'x', '{}']);
        const inner = outer.transaction((nested) => nested.query('select 1 / 0'));
        await expect(inner).rejects.toThrow('division by zero');
      });
      expect(await createAccountStore(database).find('outer')).toBeDefined();
    });

    it('refuses statements of a transaction that has ended', async () => {
      const escaped = await database.transaction(async (transaction) => transaction);
      await expect(escaped.query('select 1')).rejects.toThrow('has ended');
    });

    it('has nothing to migrate the second time, also when two migrate at once', async () => {
      expect(await Promise.all([migrate(database), migrate(database)])).toEqual([[], []]);
    });

    it('gets what it lacks, also where a migration of a higher number is there already', async () => {
      const undone = database.transaction(async (transaction) => {
        await transaction.query("drop table halts; delete from signalbox_migrations where name = '0006-halts.sql'");
        const again: MigratableDatabase = { ...transaction, longTransaction: (work) => work(transaction) };
        expect(await migrate(again)).toEqual(['0006-halts.sql']);
        expect(await transaction.query('select * from halts')).toEqual([]);
        throw new Error('the rest of the suite is not to see this');
      });
      await expect(undone).rejects.toThrow('not to see');
    });

    it('is refused when a newer program has migrated it', async () => {
      await database.query("insert into signalbox_migrations (number, name) values (9999, '9999-later.sql')");
      await expect(migrate(database)).rejects.toMatchObject({
        code: 'database-newer',
        details: { found: 9999, known: expect.any(Number) },
      });
      await database.query('delete from signalbox_migrations where number = 9999');
    });

    it('leaves interlocks to those who could edit them as administrators, by a role of its own, and to nobody else', async () => {
      const before: Record<string, Record<string, Role[]>> = {
        'up-chief': { '*': ['administrator'], traffic: ['viewer'] },
        'up-waste': { waste: ['administrator', 'safety'], traffic: ['administrator'] },
        'up-author': { '*': ['rule-author'] },
        'up-nobody': {},
      };
      const sql = await readFile(join(import.meta.dirname, 'migrations/0008-safety-role.sql'), 'utf8');
      const after: unknown[] = [];
      const undone = database.transaction(async (transaction) => {
        const accounts = createAccountStore(transaction);
        for (const [name, roles] of Object.entries(before)) await accounts.save({ name, passwordHash: 'x', roles });
        await transaction.query(sql);
        await transaction.query(sql);
        for (const name of Object.keys(before)) after.push((await accounts.find(name))?.roles);
        after.push(
          await transaction.query("select subject from audit_entries where verb = 'give-role' order by subject"),
        );
        throw new Error('the rest of the suite is not to see this');
      });
      await expect(undone).rejects.toThrow('not to see');
      expect(after).toEqual([
        { '*': ['administrator', 'safety'], traffic: ['viewer'] },
        { waste: ['administrator', 'safety'], traffic: ['administrator', 'safety'] },
        { '*': ['rule-author'] },
        {},
        [{ subject: 'up-chief' }, { subject: 'up-waste' }],
      ]);
    });
  });

  describe('incarnations', () => {
    it('gives each number once, the first one 0, however many ask at once', async () => {
      const given = await Promise.all(Array.from({ length: 8 }, () => nextIncarnation(database)));
      expect(given.toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(await nextIncarnation(database)).toBe(8);
    });

    it('never begins at 0 where commands were issued before there were any', async () => {
      const sql = await readFile(join(import.meta.dirname, 'migrations/0011-incarnations.sql'), 'utf8');
      const undone = database.transaction(async (transaction) => {
        await transaction.query(
          "insert into commands values ('c', 'p', now(), 'sent', 2, '{}'); drop table incarnations",
        );
        await transaction.query(sql);
        throw new Error(`it begins at ${await nextIncarnation(transaction)}`);
      });
      await expect(undone).rejects.toThrow('it begins at 1');
    });
  });

  describe('documents', () => {
    let documents: DocumentStore;
    beforeAll(() => {
      documents = createDocumentStore(database, clockAt(START));
    });
    const put = (id: string, expected: number, body: unknown, actor = system): Promise<StoredDocument> =>
      documents.put({ kind: 'rule', id, department: id.split('/')[0] ?? '', body, expected, actor });

    it('keeps every version with its author, newest first', async () => {
      await put('traffic/versions', 0, { title: 'one' }, ann);
      const second = await put('traffic/versions', 1, { title: 'two' });
      expect(second).toEqual({
        kind: 'rule',
        id: 'traffic/versions',
        department: 'traffic',
        version: 2,
        body: { title: 'two' },
        changedAt: START,
        changedBy: 'system:test',
      });
      expect(await documents.get('rule', 'traffic/versions')).toEqual(second);
      const versions = await documents.versions('rule', 'traffic/versions');
      expect(versions.map(({ version, changedBy, body }) => [version, changedBy, body])).toEqual([
        [2, 'system:test', { title: 'two' }],
        [1, 'person:ann', { title: 'one' }],
      ]);
    });

    it("keeps the order of an author's keys", async () => {
      await put('traffic/order', 0, { title: 'first', id: 'traffic/order', all: [{ z: 1, a: 2 }] });
      const found = await documents.get('rule', 'traffic/order');
      expect(JSON.stringify(found?.body)).toBe('{"title":"first","id":"traffic/order","all":[{"z":1,"a":2}]}');
    });

    it('lets one of many simultaneous writers in and tells the others the newest version', async () => {
      for (const expected of [0, 1]) {
        const attempts = await Promise.allSettled(
          Array.from({ length: 8 }, (_, writer) => put('traffic/race', expected, { writer })),
        );
        expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const attempt of attempts.filter((settled) => settled.status === 'rejected'))
          expect(attempt.reason).toMatchObject({
            code: 'version-conflict',
            details: { found: expected + 1, expected, newest: { version: expected + 1, id: 'traffic/race' } },
          });
      }
    });

    it('refuses a version that was never written', async () => {
      await expect(put('traffic/ahead', 3, {})).rejects.toMatchObject({
        code: 'version-conflict',
        details: { found: 0 },
      });
    });

    it('refuses whoever may not, and writes nothing', async () => {
      await expect(put('waste/foreign', 0, {}, ann)).rejects.toMatchObject({ code: 'forbidden' });
      const interlock = {
        kind: 'interlock',
        id: 'traffic/lock',
        department: 'traffic',
        body: {},
        expected: 0,
      } as const;
      await expect(documents.put({ ...interlock, actor: ann })).rejects.toMatchObject({ code: 'forbidden' });
      const sam: Actor = { ...ann, roles: { traffic: ['safety'] } };
      expect(await documents.put({ ...interlock, actor: sam })).toMatchObject({ version: 1 });
      const asset = {
        kind: 'asset',
        id: 'urn:ngsi-ld:Streetlight:a',
        department: 'traffic',
        body: {},
        expected: 0,
      } as const;
      await expect(documents.put({ ...asset, actor: ann })).rejects.toMatchObject({ code: 'forbidden' });
      expect(await documents.versions('rule', 'waste/foreign')).toEqual([]);
    });

    it("refuses to move another department's asset to one's own", async () => {
      const administrator: Actor = { kind: 'person', id: 'bob', roles: { traffic: ['administrator'] } };
      const asset = { kind: 'asset', id: 'urn:ngsi-ld:Streetlight:moved' } as const;
      await documents.put({ ...asset, department: 'lighting', body: {}, expected: 0, actor: system });
      const moving = documents.put({
        ...asset,
        department: 'traffic',
        body: {},
        expected: 1,
        actor: administrator,
      });
      await expect(moving).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('refuses a document that names another department or id than the one the right was asked for', async () => {
      const change = { kind: 'rule', id: 'waste/disguised', department: 'traffic', expected: 0, actor: ann } as const;
      const refusal = documents.put({ ...change, body: { id: 'waste/other', department: 'waste' } });
      await expect(refusal).rejects.toMatchObject({
        code: 'invalid',
        details: { problems: [{ path: '/id' }, { path: '/id' }, { path: '/department' }] },
      });
    });

    it('removes with a version that lists leave out and engines see', async () => {
      await put('lighting/removed', 0, { title: 'gone soon' });
      await put('lighting/kept', 0, { title: 'kept' });
      await put('lighting/removed', 1, null);
      expect(await documents.get('rule', 'lighting/removed')).toBeUndefined();
      expect((await documents.list('rule', 'lighting')).map(({ id }) => id)).toEqual(['lighting/kept']);
      const newest = (await documents.newest()).filter(({ department }) => department === 'lighting');
      expect(newest.map(({ id, version, body }) => [id, version, body])).toContainEqual(['lighting/removed', 2, null]);
      await expect(put('lighting/removed', 2, null)).rejects.toMatchObject({ code: 'not-found' });
      expect(await put('lighting/removed', 2, { title: 'back' })).toMatchObject({ version: 3 });
    });

    it('lists ids byte by byte, one kind and department at a time', async () => {
      for (const id of ['parks/b', 'parks/a-b', 'parks/a']) await put(id, 0, {});
      expect((await documents.list('rule', 'parks')).map(({ id }) => id)).toEqual(['parks/a', 'parks/a-b', 'parks/b']);
      expect(await documents.list('condition', 'parks')).toEqual([]);
    });

    it('finds the versions that were in force at an instant', async () => {
      const change = { kind: 'asset', id: 'urn:ngsi-ld:Dated:a', department: 'parks', actor: system } as const;
      for (const [expected, type] of ['Dated', 'Dated', undefined, 'Dated'].entries()) {
        const dated = createDocumentStore(database, clockAt(START + expected));
        await dated.put({ ...change, body: type === undefined ? null : { type, n: expected + 1 }, expected });
      }
      const byType = await Promise.all(
        [-1, 0, 1, 2, 3].map((ms) => versionsAt(documents, START + ms, { type: 'Dated' })),
      );
      expect(byType).toEqual([[], [1], [2], [], [4]]);
      expect(await versionsAt(documents, START + 1, { ids: [change.id, 'urn:ngsi-ld:Dated:b'] })).toEqual([2]);
      expect(await versionsAt(documents, START + 1, { ids: [] })).toEqual([]);
      expect(await versionsAt(documents, START + 1, { ids: [change.id], type: 'Other' })).toEqual([]);
    });

    it('writes the audit entry with the change, and none without it', async () => {
      await put('traffic/audited', 0, {}, ann);
      await put('traffic/audited', 0, {}, ann).catch(() => undefined);
      await put('traffic/audited', 1, { n: 2 }, ann);
      const [second, first, ...more] = await createAuditLog(database).newest(9, { subject: 'rule traffic/audited' });
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        at: START,
        actor: 'person:ann',
        department: 'traffic',
        verb: 'edit-rule',
        before: null,
        after: {},
        detail: { version: 1, change: 'created' },
      });
      expect(second).toMatchObject({ before: {}, after: { n: 2 }, detail: { version: 2, change: 'changed' } });
    });

    it('cannot be changed afterwards, nor can the audit', async () => {
      await put('traffic/fixed', 0, {});
      await expect(database.query("update documents set body = '{}'")).rejects.toThrow('never changed');
      await expect(database.query('delete from audit_records')).rejects.toThrow('never changed');
      await expect(database.query("update audit_records set actor = 'x'")).rejects.toThrow('never changed');
      await expect(database.query('truncate audit_records')).rejects.toThrow('never changed');
    });
  });

  describe('accounts', () => {
    it('finds what was saved last, and nobody for a name that no text column can hold', async () => {
      const accounts = createAccountStore(database);
      const before = await accounts.count();
      await accounts.save({ name: 'carla', passwordHash: '$argon2id$1', roles: {} });
      await accounts.save({ name: 'carla', passwordHash: '$argon2id$2', roles: { '*': ['viewer'] } });
      expect(await accounts.find('carla')).toEqual({
        name: 'carla',
        passwordHash: '$argon2id$2',
        roles: { '*': ['viewer'] },
      });
      expect(await accounts.count()).toBe(before + 1);
      expect(await accounts.find('car\0la')).toBeUndefined();
    });

    it('finds a session until the instant it expires, and not after it was closed', async () => {
      const accounts = createAccountStore(database);
      await accounts.save({ name: 'dan', passwordHash: '$argon2id$', roles: {} });
      const session = { tokenHash: 'hash-of-dan', account: 'dan', expiresAt: START + 1_000, confirmedAt: START };
      await accounts.openSession(session);
      expect(await accounts.findSession('hash-of-dan', START + 999)).toEqual({
        session,
        account: { name: 'dan', passwordHash: '$argon2id$', roles: {} },
      });
      expect(await accounts.findSession('hash-of-dan', START + 1_000)).toBeUndefined();
      await accounts.closeSession('hash-of-dan');
      expect(await accounts.findSession('hash-of-dan', START)).toBeUndefined();
    });

    it('replaces the credential of a device', async () => {
      const accounts = createAccountStore(database);
      const credential = { department: 'waste', device: 'gateway-1', secretHash: 'old' };
      await accounts.saveDevice(credential);
      await accounts.saveDevice({ ...credential, secretHash: 'new' });
      expect(await accounts.findDevice('waste', 'gateway-1')).toEqual({ ...credential, secretHash: 'new' });
      expect(await accounts.findDevice('traffic', 'gateway-1')).toBeUndefined();
    });
  });

  describe('the record', () => {
    it('has the same batch once, however often it is written', async () => {
      const batch = {
        decisions: [decision('once', START)],
        commands: [command('once', START, ['queued', 'sent'])],
        readings: [reading('once'), reading('once-b', { unit: '1', value: 0.25 })],
      };
      const recorder = newRecorder();
      await Promise.all([recorder.record(batch), recorder.record(batch)]);
      await recorder.record(batch);
      const reader = createRecordReader(database);
      expect(await reader.decision('once')).toEqual(batch.decisions[0]);
      expect(await reader.command('once')).toEqual(batch.commands[0]);
      expect(await reader.readings(['once', 'once-b', 'never'])).toEqual(
        batch.readings.toSorted((a, b) => (a.id < b.id ? 1 : -1)),
      );
      expect(await reader.command('never\0')).toBeUndefined();
      await recorder.stop();
    });

    it('grows a command step by step and never shrinks it', async () => {
      const recorder = newRecorder();
      const reader = createRecordReader(database);
      const grown = command('growing', START, ['queued', 'sent', 'accepted', 'verified']);
      const short = command('growing', START, ['queued']);
      await Promise.all([
        recorder.record({ ...nobody, commands: [short] }),
        recorder.record({ ...nobody, commands: [grown, command('growing', START, ['queued', 'sent'])] }),
      ]);
      expect(await reader.command('growing')).toEqual(grown);
      await recorder.record({ ...nobody, commands: [short] });
      expect(await reader.command('growing')).toEqual(grown);
      const [row] = await database.query('select state, steps, point from commands where command_id = $1', ['growing']);
      expect(row).toEqual({ state: 'verified', steps: 4, point: grown.command.point });
    });

    it('keeps an order from its opening to its end, and a message’s first end, whatever comes late', async () => {
      const recorder = newRecorder();
      const reader = createRecordReader(database);
      const about = {
        asset: 'urn:a',
        department: 'waste',
        rule: 'waste/collect',
        ruleVersion: 1,
        title: 'Collect',
        decisionId: 'd',
      };
      const fresh = { ...about, orderId: 'order-1', kind: 'collection', state: 'open' as const, openedAt: START };
      const closed = { ...fresh, state: 'closed' as const, closedAt: START + 1, closedBy: 'reading' };
      const other = { ...fresh, orderId: 'order-2', openedAt: START + 2 };
      const message = { ...about, messageId: 'message-1', what: { notify: { to: 'duty', text: 'Full' } }, at: START };
      const queued = { message, state: 'queued' as const, at: START };
      const noted = { message, state: 'noted' as const, at: START + 1 };
      await recorder.record({ ...nobody, orders: [fresh, other], messages: [queued, noted] });
      await recorder.record({ ...nobody, orders: [fresh, closed], messages: [{ ...noted, state: 'failed' }] });
      await recorder.record({ ...nobody, orders: [fresh], messages: [queued] });
      expect(await reader.order('order-1')).toEqual(closed);
      expect(await reader.order('order-3')).toBeUndefined();
      expect(await reader.recentOrders(10)).toEqual([other, closed]);
      expect(await reader.recentOrders(10, undefined, true)).toEqual([other]);
      expect(await reader.recentOrders(10, START + 2)).toEqual([closed]);
      expect(await reader.recentMessages(10)).toEqual([noted]);
      expect(await reader.messages([noted.message.messageId, 'no "such" one'])).toEqual([noted]);
      expect(await reader.messages([])).toEqual([]);
      await recorder.stop();
    });

    it('writes many batches given at once, each of them', async () => {
      const recorder = newRecorder();
      const ids = Array.from({ length: 3_000 }, (_, index) => `many-${index}`);
      await Promise.all(ids.map((id) => recorder.record({ ...nobody, readings: [reading(id)] })));
      const [row] = await database.query<{ count: number }>(
        "select count(*)::int as count from readings where id like 'many-%'",
      );
      expect(row).toEqual({ count: 3_000 });
    });

    it('leaves out what no database can hold, says so, and writes the rest', async () => {
      const lines: string[] = [];
      const recorder = newRecorder({ lines });
      const readings = [
        reading('bad-value', { value: Number.NaN }),
        reading('bad-instant', { observedAt: Number.MAX_SAFE_INTEGER }),
        reading('bad-year', { observedAt: 8.64e15 }),
        reading('odd\0text', { value: 'half a pair: \ud800' }),
        reading('good'),
      ];
      await recorder.record({ ...nobody, readings });
      const found = await createRecordReader(database).readings(readings.map(({ id }) => id));
      expect(found.map(({ id, value }) => [id, value])).toEqual([
        ['odd\uFFFDtext', 'half a pair: \uFFFD'],
        ['good', 4],
      ]);
      expect(lines.map((line) => String(JSON.parse(line).key)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
        'bad-instant',
        'bad-value',
        'bad-year',
      ]);
    });

    it('takes no more than may wait, and nothing after its end', async () => {
      const recorder = newRecorder({ mostWaiting: 10 });
      const readings = Array.from({ length: 8 }, (_, index) => reading(`waiting-${index}`));
      const first = recorder.record({ ...nobody, readings });
      await expect(recorder.record({ ...nobody, readings })).rejects.toMatchObject({ code: 'database-unavailable' });
      await first;
      await recorder.stop();
      await recorder.stop();
      await expect(recorder.record({ ...nobody, readings })).rejects.toMatchObject({ code: 'database-unavailable' });
    });

    it('is listed newest first, before an instant, at most as long as asked', async () => {
      const later = START + 10 * DAY_MS;
      const instants = [0, 1, 2, 3].map((step) => later + step);
      await newRecorder().record({
        decisions: instants.map((at) => decision(`listed-${at - later}`, at)),
        commands: instants.map((at) => command(`listed-${at - later}`, at, ['queued'])),
        readings: [],
      });
      const reader = createRecordReader(database);
      expect(commandIds(await reader.recentCommands(2))).toEqual(['listed-3', 'listed-2']);
      expect(commandIds(await reader.recentCommands(2, later + 2))).toEqual(['listed-1', 'listed-0']);
      const decisions = await reader.recentDecisions(2, later + 3);
      expect(decisions.map(({ decisionId }) => decisionId)).toEqual(['listed-2', 'listed-1']);
      for (const limit of [0, 1_001, 1.5])
        await expect(reader.recentDecisions(limit)).rejects.toMatchObject({ code: 'invalid' });
    });
  });

  describe('retention', () => {
    it('forgets expired sessions and keeps the others', async () => {
      const now = START + 300 * DAY_MS;
      const accounts = createAccountStore(database);
      await accounts.save({ name: 'eve', passwordHash: '$argon2id$', roles: {} });
      await accounts.openSession({ tokenHash: 'expired', account: 'eve', expiresAt: now - 1, confirmedAt: START });
      await accounts.openSession({ tokenHash: 'alive', account: 'eve', expiresAt: now + 1, confirmedAt: START });
      const retention = new Retention({ database, clock: clockAt(now), log: silent });
      expect((await retention.sweep()).sessions).toBeGreaterThan(0);
      expect(await retention.sweep()).toEqual({ readings: 0, fiveMinute: 0, hourly: 0, sessions: 0 });
      expect(await accounts.findSession('expired', 0)).toBeUndefined();
      expect(await accounts.findSession('alive', now)).toBeDefined();
    });

    it('sweeps when started and an hour later, until it is stopped', async () => {
      const wakes: { delayMs: number; wake: () => void }[] = [];
      const clock: Clock = {
        now: () => START,
        after: (delayMs, wake) => {
          wakes.push({ delayMs, wake });
          return () => void wakes.splice(0);
        },
      };
      const retention = new Retention({ database, clock, log: silent });
      retention.start();
      retention.start();
      expect(wakes.map(({ delayMs }) => delayMs)).toEqual([0]);
      wakes.shift()?.wake();
      await expect.poll(() => wakes.map(({ delayMs }) => delayMs)).toEqual([3_600_000]);
      await retention.stop();
      await retention.stop();
      expect(wakes).toEqual([]);
    });
  });

  function newRecorder(options: { lines?: string[]; mostWaiting?: number } = {}): BatchRecorder {
    const log = options.lines ? pino({ base: null }, { write: (line) => options.lines?.push(line) }) : silent;
    return new BatchRecorder({
      database,
      log,
      ...(options.mostWaiting === undefined ? {} : { mostWaiting: options.mostWaiting }),
    });
  }
}

const commandIds = (records: CommandRecord[]): string[] => records.map((record) => record.command.commandId);

const versionsAt = async (
  documents: DocumentStore,
  at: number,
  of: { ids?: string[]; type?: string },
): Promise<number[]> => (await documents.inForce({ kind: 'asset', ...of }, at)).map(({ version }) => version);

const silent = pino({ level: 'silent' });

const clockAt = (instant: number): Clock => ({ now: () => instant, after: () => () => undefined });

function reading(id: string, changes: Partial<Reading> = {}): Reading {
  return {
    id,
    asset: 'urn:ngsi-ld:Detector:d1',
    property: 'vehicleCount',
    value: 4,
    observedAt: START - 250,
    receivedAt: START - 1,
    quality: 'good',
    source: 'flow:traffic',
    ...changes,
  };
}

function decision(decisionId: string, at: number): Decision {
  return {
    decisionId,
    kind: 'started',
    rule: 'traffic/queue-relief',
    ruleVersion: 1,
    title: 'Relief',
    department: 'traffic',
    asset: 'urn:ngsi-ld:TrafficController:j4',
    at,
    causedBy: '1-0',
    reason: 'conditions true',
    trace: [{ path: '/conditions', outcome: true }],
    claims: [],
  };
}

function command(commandId: string, issuedAt: number, states: CommandState[]): CommandRecord {
  const want = { value: 3, rampSeconds: 0 };
  return {
    command: {
      commandId,
      point: 'urn:ngsi-ld:TrafficController:j4#timePlan',
      department: 'traffic',
      device: 'j4',
      sequence: 1,
      fence: 1,
      issuedAt,
      notAfter: issuedAt + 10_000,
      slot: 12,
      want,
      cause: { arbitration: { want, bounds: [], losers: [] } },
    },
    steps: states.map((state, index) => ({ state, at: issuedAt + index })),
  };
}
