// The record plane in memory must do what the real one does: the same checks on both.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type Actor } from '../engine/model/actor.ts';
import type { AuditEntry } from '../engine/model/audit.ts';
import type { CommandRecord } from '../engine/model/command.ts';
import { createAccountStore } from '../engine/store/accounts.ts';
import { createDocumentStore } from '../engine/store/documents.ts';
import { openDatabase } from '../engine/store/open-database.ts';
import type {
  AccountChange,
  AccountStore,
  DocumentStore,
  Recorder,
  RecordReader,
  Token,
  TokenStore,
} from '../engine/store/ports.ts';
import { createRecordReader } from '../engine/store/reader.ts';
import { createTokenStore } from '../engine/store/tokens.ts';
import { BatchRecorder } from '../engine/store/recorder.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryAccounts, MemoryDocuments, MemoryRecords, MemoryTokens } from './memory-store.ts';
import { makeTempFolder } from './temp-folder.ts';

interface Plane {
  documents: DocumentStore;
  accounts: AccountStore;
  tokens: TokenStore;
  recorder: Recorder;
  reader: RecordReader;
  close(): Promise<void>;
}

const clock = new ManualClock();
const planes: Record<string, () => Promise<Plane>> = {
  'in memory': async () => {
    const records = new MemoryRecords();
    const [documents, accounts] = [new MemoryDocuments(clock), new MemoryAccounts()];
    return {
      documents,
      accounts,
      tokens: new MemoryTokens(),
      recorder: records,
      reader: records,
      close: async () => undefined,
    };
  },
  'on PGlite': async () => {
    const folder = await makeTempFolder();
    const log = pino({ level: 'silent' });
    const database = await openDatabase({ folder: folder.path, log });
    return {
      documents: createDocumentStore(database, clock),
      accounts: createAccountStore(database),
      tokens: createTokenStore(database),
      recorder: new BatchRecorder({ database, log }),
      reader: createRecordReader(database),
      close: async () => {
        await database.close();
        await folder.remove();
      },
    };
  },
};

const system = systemActor('test');
const ann: Actor = { kind: 'person', id: 'ann', roles: { traffic: ['rule-author'] } };

describe.each(Object.entries(planes))('the record plane %s', (_name, open) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await open();
  });
  afterAll(() => plane?.close());
  const put = (id: string, expected: number, body: object | null, actor: Actor = system) =>
    plane.documents.put({ kind: 'rule', id, department: id.split('/')[0] ?? '', body, expected, actor });

  it('keeps versions, and leaves removed documents out', async () => {
    const made = await put('traffic/a', 0, { title: 'one' }, ann);
    expect(made).toEqual({
      kind: 'rule',
      id: 'traffic/a',
      department: 'traffic',
      version: 1,
      body: { title: 'one' },
      changedAt: clock.now(),
      changedBy: 'person:ann',
    });
    await put('traffic/a', 1, null);
    await put('traffic/b', 0, {});
    await put('waste/c', 0, {});
    expect(await plane.documents.get('rule', 'traffic/a')).toBeUndefined();
    expect((await plane.documents.list('rule')).map(({ id }) => id)).toEqual(['traffic/b', 'waste/c']);
    expect((await plane.documents.list('rule', 'traffic')).map(({ id }) => id)).toEqual(['traffic/b']);
    const newest = await plane.documents.newest();
    expect(newest.map(({ id, version, body }) => [id, version, body])).toEqual([
      ['traffic/a', 2, null],
      ['traffic/b', 1, {}],
      ['waste/c', 1, {}],
    ]);
    expect((await plane.documents.versions('rule', 'traffic/a')).map(({ version }) => version)).toEqual([2, 1]);
    expect(await put('traffic/a', 2, { title: 'back' })).toMatchObject({ version: 3 });
  });

  it('refuses who may not, a version that is not the newest, and a second removal', async () => {
    await expect(put('waste/d', 0, {}, ann)).rejects.toMatchObject({ code: 'forbidden' });
    await put('traffic/e', 0, {});
    await expect(put('traffic/e', 0, {})).rejects.toMatchObject({
      code: 'version-conflict',
      details: { found: 1, expected: 0 },
    });
    await put('traffic/e', 1, null);
    await expect(put('traffic/e', 2, null)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('finds accounts and sessions that have not expired', async () => {
    const account = { name: 'dan', passwordHash: 'x', roles: { '*': ['viewer' as const] } };
    await plane.accounts.save(account);
    expect(await plane.accounts.count()).toBe(1);
    const session = { tokenHash: 'h', account: 'dan', expiresAt: 2_000, confirmedAt: 1_000 };
    await plane.accounts.openSession(session);
    expect(await plane.accounts.findSession('h', 1_999)).toEqual({ session, account });
    await plane.accounts.confirmSession('h', 1_500);
    expect((await plane.accounts.findSession('h', 0))?.session.confirmedAt).toBe(1_500);
    expect(await plane.accounts.findSession('h', 2_000)).toBeUndefined();
    await plane.accounts.closeSession('h');
    await plane.accounts.closeSession('h');
    expect(await plane.accounts.findSession('h', 0)).toBeUndefined();
  });

  it('changes accounts one at a time, ends sessions, and leaves no city without an administrator', async () => {
    const { accounts } = plane;
    for (const name of ['eva', 'fay']) await accounts.save(chief(name));
    for (const tokenHash of ['e1', 'e2'])
      await accounts.openSession({ tokenHash, account: 'eva', expiresAt: 9_000, confirmedAt: 0 });
    const change = (name: string, alter: AccountChange['alter'], endSessions?: AccountChange['endSessions']) =>
      accounts.change({ name, alter, entry, ...(endSessions ? { endSessions } : {}) });
    await change('eva', (found) => ({ ...found!, passwordHash: 'y' }), { keep: 'e1' });
    expect(await accounts.find('eva')).toEqual({ ...chief('eva'), passwordHash: 'y' });
    expect(await accounts.findSession('e1', 0)).toBeDefined();
    expect(await accounts.findSession('e2', 0)).toBeUndefined();
    const left = await Promise.allSettled([change('eva', () => null), change('fay', () => null)]);
    expect(left.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(left.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'last-administrator' } });
    expect(await accounts.findSession('e1', 0)).toBeUndefined();
    const [name = ''] = (await accounts.list())
      .filter(({ roles }) => roles['*']?.includes('administrator'))
      .map((each) => each.name);
    await expect(change(name, (found) => ({ ...found!, roles: {} }))).rejects.toMatchObject({ details: { name } });
    const refusal = new Error('not like this');
    await expect(
      change(name, () => {
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(await accounts.find(name)).toEqual({ ...chief(name), passwordHash: expect.any(String) });
  });

  it('knows a token by its hash until it expires or is ended, and no two of one id', async () => {
    const token: Token = {
      id: 'waste/depot',
      department: 'waste',
      title: 'the depot',
      tokenHash: 'secret',
      verbs: ['read'],
      createdBy: 'person:ann',
      createdAt: 1_000,
      expiresAt: 2_000,
    };
    await plane.tokens.add(token, entry);
    await expect(plane.tokens.add({ ...token, tokenHash: 'other' }, entry)).rejects.toMatchObject({
      code: 'name-taken',
    });
    expect(await plane.tokens.list()).toEqual([token]);
    expect(await plane.tokens.find('secret', 1_999)).toEqual(token);
    expect(await plane.tokens.find('secret', 2_000)).toBeUndefined();
    expect(await plane.tokens.find('sec\0ret', 0)).toBeUndefined();
    expect(await plane.tokens.remove('waste/depot', entry)).toBe(true);
    expect(await plane.tokens.remove('waste/depot', entry)).toBe(false);
    expect(await plane.tokens.find('secret', 0)).toBeUndefined();
  });

  it('lists commands newest first and never shrinks one', async () => {
    const long = command('one', 1_000, 2);
    for (const record of [long, command('one', 1_000, 1), command('two', 2_000, 1)])
      await plane.recorder.record({ decisions: [], readings: [], commands: [record] });
    expect(await plane.reader.command('one')).toEqual(long);
    expect((await plane.reader.recentCommands(1)).map((record) => record.command.commandId)).toEqual(['two']);
    expect((await plane.reader.recentCommands(9, 2_000)).map((record) => record.command.commandId)).toEqual(['one']);
    expect(await plane.reader.command('none')).toBeUndefined();
  });
});

const entry: AuditEntry = { at: 0, actor: 'person:ann', department: '*', verb: 'v', subject: 's', detail: {} };

const chief = (name: string) => ({ name, passwordHash: 'x', roles: { '*': ['administrator' as const] } });

function command(commandId: string, issuedAt: number, steps: number): CommandRecord {
  const want = { value: 3, rampSeconds: 0 };
  return {
    command: {
      commandId,
      point: 'urn:ngsi-ld:TrafficController:J4#timePlan',
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
    steps: [
      { state: 'queued' as const, at: issuedAt },
      { state: 'sent' as const, at: issuedAt + 1 },
    ].slice(0, steps),
  };
}
