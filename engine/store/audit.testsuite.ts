// The book of writes on a real database: nothing lost, nothing twice, one chain from any number of writers.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../model/actor.ts';
import { BEFORE_FIRST, type AuditEntry, type AuditRecord } from '../model/audit.ts';
import type { CommandRecord, CommandStep, Want } from '../model/command.ts';
import { createAuditLog, sealWaiting } from './audit.ts';
import { ChainCheck } from './audit-chain.ts';
import { createDocumentStore } from './documents.ts';
import type { AuditLog, Database } from './ports.ts';
import { BatchRecorder } from './recorder.ts';
import type { TestDatabase } from './store.testsuite.ts';

const START = Date.UTC(2026, 10, 26, 3);
const LAMP = 'urn:ngsi-ld:Streetlight:l1#level';
const system = systemActor('test');
const clock = { now: () => START, after: () => () => undefined };

const entry = (subject: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: START,
  actor: 'flow:traffic',
  department: 'traffic',
  verb: 'claim',
  subject,
  ...more,
});

/** A command as the fold reports it, with so many of the usual steps. */
function command(sequence: number, steps: number, more: { want?: Want; owner?: string; decisionId?: string } = {}) {
  const states: CommandStep['state'][] = ['queued', 'sent', 'accepted', 'verified'];
  const { want = { value: sequence / 100, rampSeconds: 0 }, owner = 'rule lighting/motion', decisionId } = more;
  const claim = { claimId: 'c1', owner, slot: 12, effect: 'set', value: 0.8, reason: 'somebody near', leaseUntil: 0 };
  const record: CommandRecord = {
    command: {
      commandId: `${LAMP}:${sequence}`,
      point: LAMP,
      department: 'lighting',
      device: 'gw',
      sequence,
      fence: 7,
      issuedAt: START + sequence * 10,
      notAfter: START + 60_000,
      slot: 12,
      want,
      cause: {
        ...(decisionId === undefined ? {} : { decisionId }),
        arbitration: { want, ...('release' in want ? {} : { winner: claim }), bounds: [], losers: [] },
      },
    },
    steps: states.slice(0, steps).map((state, index) => ({ state, at: START + sequence * 10 + index })),
  };
  return record;
}

const subjects = (records: AuditRecord[]) => records.map(({ subject }) => subject);

async function wholeBook(audit: AuditLog): Promise<AuditRecord[]> {
  const found: AuditRecord[] = [];
  for (;;) {
    const more = await audit.after(found.at(-1)?.sequence ?? 0, 1_000);
    if (more.length === 0) return found;
    found.push(...more);
  }
}

/** The whole chain as it is stored has no break. */
async function expectUnbroken(database: Database): Promise<void> {
  const audit = createAuditLog(database);
  const chain = new ChainCheck({ heads: [await audit.head()] });
  const breaks = (await wholeBook(audit)).map((record) => chain.take(record)).filter((found) => found !== undefined);
  expect([...breaks, chain.end()]).toEqual([undefined]);
}

/** Describes the contract for one kind of database. */
export function describeAudit(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Database;
  let audit: AuditLog;
  beforeAll(async () => {
    opened = await open();
    ({ database } = opened);
    audit = createAuditLog(database);
  });
  afterAll(() => opened?.close());

  describe('the book of writes', () => {
    it('begins empty, and takes up what stood outside of the chain', async () => {
      expect(await audit.head()).toEqual(BEFORE_FIRST);
      for (const subject of ['old 1', 'old 2'])
        await database.query(
          `insert into audit_entries (at, actor, department, verb, subject, detail)
           values (now(), 'system:upgrade', '*', 'give-role', $1, '{"n": 1}')`,
          [subject],
        );
      expect(await sealWaiting(database)).toBe(2);
      expect(await sealWaiting(database)).toBe(0);
      const [first, second] = await wholeBook(audit);
      expect([first, second]).toMatchObject([{ subject: 'old 1', detail: { n: 1 } }, { subject: 'old 2' }]);
      await expectUnbroken(database);
    });

    it('lists the newest first, by what is asked, page by page', async () => {
      for (const subject of ['first', 'second', 'third']) await audit.append(entry(subject));
      await audit.append(
        entry('theirs', { department: 'waste', at: START + 5, actor: 'person:bob', verb: 'override' }),
      );
      const traffic = { departments: ['traffic'], from: START, to: START + 1 };
      const page = await audit.newest(2, traffic);
      expect(subjects(page)).toEqual(['third', 'second']);
      expect(subjects(await audit.newest(2, traffic, page[1]?.sequence))).toEqual(['first']);
      expect(subjects(await audit.newest(9, { actor: 'person:bob', verb: 'override', subject: 'theirs' }))).toEqual([
        'theirs',
      ]);
      expect(await audit.newest(9, { departments: [] })).toEqual([]);
      await expect(audit.newest(0)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('keeps to the letter what JSON can say, and every text that a database can hold', async () => {
      const odd = { 'k\0ey': ['\ud800', 1e300, -0, 5e-324, { '': null }], b: 1, a: 2 };
      await audit.append(entry('odd\0', { before: odd, after: [odd], detail: '"', reason: '', origin: '::1' }));
      const [found] = await audit.newest(1);
      expect(found).toMatchObject({ subject: 'odd\ufffd', detail: '"', reason: '', origin: '::1' });
      expect(JSON.stringify(found?.before)).toBe(JSON.stringify(odd));
      await expectUnbroken(database);
    });

    it('is one chain, whoever writes at the same moment, and without what was rolled back', async () => {
      const documents = createDocumentStore(database, clock);
      const recorder = new BatchRecorder({ database, log: pino({ level: 'silent' }) });
      const before = (await audit.head()).sequence;
      const change = { kind: 'rule' as const, department: 'lighting', body: {}, expected: 0, actor: system };
      const undone = database.transaction(async (transaction) => {
        await createAuditLog(transaction).append(entry('undone'));
        throw new Error('changed my mind');
      });
      await Promise.all([
        ...Array.from({ length: 10 }, (_, n) => audit.append(entry(`n${n}`))),
        ...Array.from({ length: 5 }, (_, n) => documents.put({ ...change, id: `lighting/r${n}` })),
        recorder.record({ decisions: [], readings: [], commands: [100, 102, 104].map((n) => command(n, 4)) }),
        expect(undone).rejects.toThrow('changed my mind'),
      ]);
      expect((await audit.head()).sequence - before).toBe(10 + 5 + 12);
      expect(await audit.newest(1, { subject: 'undone' })).toEqual([]);
      await expectUnbroken(database);
    });

    it('has every step of a command once, however often it is recorded, with what was asked before', async () => {
      const recorder = new BatchRecorder({ database, log: pino({ level: 'silent' }) });
      const record = (...commands: CommandRecord[]) => recorder.record({ decisions: [], readings: [], commands });
      const first = {
        owner: 'rule lighting/motion',
        decisionId: 'lighting/motion|urn:a|1-000000001|000001|v3|started',
      };
      await record(command(1, 1, first));
      await record(command(1, 3, first), command(1, 2, first));
      await record(command(1, 3, first));
      await record(command(1, 4, first), command(2, 1, { want: { release: true } }));
      await record(command(3, 1, { owner: 'person ann' }));
      const found = await audit.newest(9, { subject: LAMP, to: START + 100 });
      expect(found.toReversed().map(({ verb, actor }) => `${actor} ${verb}`)).toEqual([
        'rule:lighting/motion@3 command-queued',
        'rule:lighting/motion@3 command-sent',
        'rule:lighting/motion@3 command-accepted',
        'rule:lighting/motion@3 command-verified',
        'system:arbiter command-queued',
        'person:ann command-queued',
      ]);
      const [third, second] = found;
      expect(third).toMatchObject({ before: { release: true }, after: { value: 0.03 }, reason: 'somebody near' });
      expect(second).toMatchObject({ before: { value: 0.01 }, after: { release: true }, origin: 'engine epoch 7' });
      await expectUnbroken(database);
    });
  });
}
