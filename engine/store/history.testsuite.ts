// The past of a property, thinned out and read again: run on PGlite and on PostgreSQL alike.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type Actor } from '../model/actor.ts';
import { toIso, type Clock } from '../model/clock.ts';
import type { Decision } from '../model/decision.ts';
import type { History } from '../model/history.ts';
import type { PointChange } from '../model/point-change.ts';
import type { Reading } from '../model/reading.ts';
import type { Value } from '../model/value.ts';
import { explainPast } from '../fold/explain-past.ts';
import { createAuditLog } from './audit.ts';
import { createDocumentStore } from './documents.ts';
import { createKeepTable } from './keep-table.ts';
import type { Database, RecordReader } from './ports.ts';
import { createRecordReader } from './reader.ts';
import { createRecordedPast } from './recorded-past.ts';
import { BatchRecorder } from './recorder.ts';
import { Retention } from './retention.ts';
import type { TestDatabase } from './store.testsuite.ts';

/** A whole hour, so that samples begin where the readings do. */
const START = Date.UTC(2026, 5, 1, 8);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const silent = pino({ level: 'silent' });
const clockAt = (instant: number): Clock => ({ now: () => instant, after: () => () => undefined });

/** Describes the contract for one kind of database. */
export function describeHistory(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Database;
  let reader: RecordReader;
  beforeAll(async () => {
    opened = await open();
    ({ database } = opened);
    reader = createRecordReader(database);
  });
  afterAll(() => opened?.close());

  const record = (readings: Reading[]): Promise<void> =>
    new BatchRecorder({ database, log: silent }).record({ decisions: [], commands: [], readings });
  const retentionAt = (now: number, over: Database = database): Retention =>
    new Retention({ database: over, clock: clockAt(now), log: silent, chunkRows: 7 });
  const hourly = (asset: string): Promise<History> =>
    reader.history({ asset, property: 'occupancy', from: START, to: START + 4 * HOUR_MS, maxPoints: 5 });
  const countIn = async (table: string, asset: string, count = 'count(*)'): Promise<number> => {
    const [row] = await database.query<{ n: number }>(
      `select coalesce(${count}, 0)::int as n from ${table} where asset = $1`,
      [asset],
    );
    return row?.n ?? 0;
  };

  describe('thinning out', () => {
    it('shows the same hours before and after every step, as long as anything is kept', async () => {
      const asset = 'urn:ngsi-ld:Detector:steps';
      await record(fourHours(asset));
      const before = await hourly(asset);
      expect(before.points.map(({ at, count }) => [(at - START) / HOUR_MS, count])).toEqual([
        [0, 30],
        [1, 30],
        [2, 30],
        [3, 30],
      ]);
      expect(await countIn('samples', asset)).toBe(0);
      await retentionAt(START + 8 * DAY_MS).sweep();
      expect([await countIn('readings', asset), await countIn('samples', asset)]).toEqual([0, 48]);
      expectSame(await hourly(asset), before);
      await retentionAt(START + 91 * DAY_MS).sweep();
      expect([await countIn('samples', asset), await countIn('samples', asset, 'sum(readings)')]).toEqual([4, 120]);
      expectSame(await hourly(asset), before);
      await retentionAt(START + 731 * DAY_MS).sweep();
      expect((await hourly(asset)).points).toEqual([]);
    });

    it('leaves what is younger, reading by reading', async () => {
      const asset = 'urn:ngsi-ld:Detector:younger';
      await record(fourHours(asset));
      await retentionAt(START + 7 * DAY_MS + 2 * HOUR_MS).sweep();
      expect(await countIn('readings', asset)).toBe(60);
      expect(await countIn('samples', asset, 'sum(readings)')).toBe(60);
      expect((await hourly(asset)).points.map(({ count }) => count)).toEqual([30, 30, 30, 30]);
    });

    it('adds what comes late to the sample of its time, and counts no bad value', async () => {
      const asset = 'urn:ngsi-ld:Detector:late';
      await record([read(asset, 0, 0.5), read(asset, MINUTE_MS, 0.9, { quality: 'bad' })]);
      await retentionAt(START + 8 * DAY_MS).sweep();
      await record([read(asset, 2 * MINUTE_MS, 0.7, { receivedAt: START + DAY_MS })]);
      await retentionAt(START + 9 * DAY_MS).sweep();
      expect((await hourly(asset)).points).toEqual([
        { at: START, count: 2, min: 0.5, max: 0.7, avg: expect.closeTo(0.6), last: 0.7 },
      ]);
    });

    it('keeps of words how many and the last, and of truth values the share', async () => {
      const asset = 'urn:ngsi-ld:WasteContainer:words';
      const of = (property: string, values: Value[]): Reading[] =>
        values.map((value, index) => ({
          ...read(asset, index * MINUTE_MS, value),
          property,
          id: `${property}${index}`,
        }));
      await record([...of('status', ['ok', 'lidOpen', 'moved']), ...of('motion', [true, false, true, true])]);
      await retentionAt(START + 8 * DAY_MS).sweep();
      const past = (property: string) =>
        reader.history({ asset, property, from: START, to: START + HOUR_MS, maxPoints: 2 });
      expect((await past('status')).points).toEqual([{ at: START, count: 3, last: 'moved' }]);
      expect((await past('motion')).points).toEqual([{ at: START, count: 4, min: 0, max: 1, avg: 0.75, last: true }]);
    });

    it('loses nothing and counts nothing twice when it is cut off after any statement, or done by two at once', async () => {
      const asset = 'urn:ngsi-ld:Detector:cut';
      await record(fourHours(asset));
      const before = await hourly(asset);
      for (const now of [START + 8 * DAY_MS, START + 91 * DAY_MS]) {
        // Two statements look for properties; every further one thins out a chunk before the cut.
        for (const statements of [1, 3, 4, 5]) {
          await expect(retentionAt(now, cutAfter(database, statements)).sweep()).rejects.toThrow('cut off');
          expectSame(await hourly(asset), before);
        }
        await Promise.all([retentionAt(now).sweep(), retentionAt(now).sweep(), retentionAt(now).sweep()]);
        expectSame(await hourly(asset), before);
      }
      expect([await countIn('readings', asset), await countIn('samples', asset)]).toEqual([0, 4]);
    });

    it('keeps a property as long as its own line says', async () => {
      const asset = 'urn:ngsi-ld:WasteContainer:own';
      const table = createKeepTable(database, clockAt(START));
      const actor = systemActor('test');
      await table.set({
        property: 'fillingLevel',
        keep: { rawDays: 400, fiveMinuteDays: 400, hourlyDays: 400 },
        actor,
      });
      await table.set({ property: 'motion', keep: { rawDays: 0.5, fiveMinuteDays: 0.5, hourlyDays: 1 }, actor });
      await record(
        ['fillingLevel', 'motion', 'occupancy'].map((property) => ({
          ...read(asset, 0, 1),
          property,
          id: `own/${property}`,
        })),
      );
      await retentionAt(START + DAY_MS + 1).sweep();
      const left = await database.query('select property from readings where asset = $1 order by property', [asset]);
      expect(left).toEqual([{ property: 'fillingLevel' }, { property: 'occupancy' }]);
      expect(await countIn('samples', asset)).toBe(0);
      await table.set({ property: 'fillingLevel', keep: null, actor });
      expect([...(await table.all()).keys()]).toEqual(['motion']);
      await table.set({ property: 'motion', keep: null, actor });
      const subjects = (await createAuditLog(database).newest(1_000)).map(({ subject }) => subject);
      expect(subjects).toContain('retention fillingLevel');
    });

    it('refuses a retention by somebody who may not, or that keeps the finer longer than the coarser', async () => {
      const table = createKeepTable(database, clockAt(START));
      const keep = { rawDays: 1, fiveMinuteDays: 2, hourlyDays: 3 };
      const ann: Actor = { kind: 'person', id: 'ann', roles: { traffic: ['administrator'] } };
      await expect(table.set({ property: 'motion', keep, actor: ann })).rejects.toMatchObject({ code: 'forbidden' });
      const wrong = table.set({ property: 'motion', keep: { ...keep, rawDays: 30 }, actor: systemActor('test') });
      await expect(wrong).rejects.toMatchObject({ code: 'invalid' });
      expect(await table.all()).toEqual(new Map());
    });
  });

  describe('a history', () => {
    it('is single readings where they are few, and stretches where they are many', async () => {
      const asset = 'urn:ngsi-ld:Detector:few';
      await record(fourHours(asset));
      const asked = { asset, property: 'occupancy', from: START, to: START + 4 * HOUR_MS };
      const single = await reader.history({ ...asked, maxPoints: 120 });
      expect(single).toMatchObject({ stepMs: 0, unit: '1', points: { length: 120 } });
      expect(single.points[1]).toEqual({
        at: START + 2 * MINUTE_MS,
        count: 1,
        min: 0.01,
        max: 0.01,
        avg: 0.01,
        last: 0.01,
      });
      const stretches = await reader.history({ ...asked, maxPoints: 119 });
      expect(stretches.stepMs).toBe(5 * MINUTE_MS);
      expect(stretches.points.reduce((sum, { count }) => sum + count, 0)).toBe(120);
      for (const maxPoints of [2, 3, 10, 50])
        expect((await reader.history({ ...asked, from: START + 1, maxPoints })).points.length).toBeLessThanOrEqual(
          maxPoints,
        );
      expect((await reader.history({ ...asked, property: 'nothing', maxPoints: 10 })).points).toEqual([]);
    });

    it('is refused without an end after its beginning, or in too few or too many points', async () => {
      const asked = { asset: 'a', property: 'p', from: 1, to: 2, maxPoints: 10 };
      for (const wrong of [{ to: 1 }, { maxPoints: 1 }, { maxPoints: 10_001 }, { maxPoints: 2.5 }])
        await expect(reader.history({ ...asked, ...wrong })).rejects.toMatchObject({ code: 'invalid' });
    });
  });

  describe('what was known at an instant', () => {
    const asset = 'urn:ngsi-ld:Detector:known';
    const asked = { asset, property: 'occupancy', from: START + 3 * MINUTE_MS, at: START + 10 * MINUTE_MS };

    it('is what had been received by then, and the newest before', async () => {
      await record([
        read(asset, 0, 0.1),
        read(asset, 2 * MINUTE_MS, 0.2),
        read(asset, 4 * MINUTE_MS, 0.3),
        read(asset, 5 * MINUTE_MS, 0.4, { receivedAt: START + 11 * MINUTE_MS }),
        read(asset, 12 * MINUTE_MS, 0.5),
      ]);
      const { readings, isWhole } = await reader.readingsKnown(asked);
      expect([readings.map(({ value }) => value), isWhole]).toEqual([[0.2, 0.3], true]);
    });

    it('is the last of a sample where only that is left, and says where single readings are gone', async () => {
      await retentionAt(START + 7 * DAY_MS + 5 * MINUTE_MS).sweep();
      const later = await reader.readingsKnown({ ...asked, from: START + 6 * MINUTE_MS, at: START + 15 * MINUTE_MS });
      expect(later.isWhole).toBe(true);
      expect(later.readings.map(({ value, source }) => [value, source])).toEqual([
        [0.4, 'flow:traffic'],
        [0.5, 'flow:traffic'],
      ]);
      await retentionAt(START + 8 * DAY_MS).sweep();
      const old = await reader.readingsKnown({ ...asked, from: START + 13 * MINUTE_MS, at: START + 15 * MINUTE_MS });
      expect(old).toEqual({ readings: [expect.objectContaining({ value: 0.5, source: 'sample' })], isWhole: true });
      expect(await reader.readingsKnown(asked)).toEqual({ readings: [], isWhole: false });
    });
  });

  it('is what an explanation is made of: documents in force, what was known, what was thinned out since', async () => {
    const asset = 'urn:ngsi-ld:Detector:explained';
    const rule = {
      id: 'traffic/explained',
      title: 'Busy',
      scope: { type: 'Detector' },
      conditions: { fact: 'occupancy', operator: 'greaterThan', value: 0.9 },
      for: '1 min',
      actions: [{ point: 'timePlan', set: 3 }],
    };
    const documents = createDocumentStore(database, clockAt(START));
    const actor = systemActor('test');
    const body = { id: asset, type: 'Detector', title: 'D', department: 'traffic' };
    await documents.put({ kind: 'asset', id: asset, department: 'traffic', body, expected: 0, actor });
    await documents.put({ kind: 'rule', id: rule.id, department: 'traffic', body: rule, expected: 0, actor });
    await record([read(asset, MINUTE_MS, 0.5), read(asset, 3 * MINUTE_MS, 0.95)]);
    const past = createRecordedPast(documents, reader);
    const at = (minutes: number) => explainPast(past, { rule: rule.id, asset, at: START + minutes * MINUTE_MS });
    expect(await at(-1)).toMatchObject({ reason: 'no-rule' });
    expect(await at(0)).toMatchObject({ reason: 'unknown' });
    expect(await at(2)).toMatchObject({ reason: 'false', sentence: 'occupancy was 0.5, wanted > 0.9' });
    expect(await at(3.5)).toMatchObject({ reason: 'counting', since: START + 3 * MINUTE_MS });
    await retentionAt(START + 8 * DAY_MS).sweep();
    expect(await at(3.5)).toMatchObject({ fired: false, reason: 'not-recorded' });
    expect(await at(20)).toMatchObject({ reason: 'not-decided', trace: [{ found: 0.95 }] });
  });

  it('knows what a point was at an instant, in the order of the log', async () => {
    const point = 'urn:ngsi-ld:Streetlight:recorded#level';
    const change = (changeId: string, minutes: number, values: Pick<PointChange, 'reported' | 'desired'>) => ({
      changeId: `${point}|${changeId}`,
      point,
      at: START + minutes * MINUTE_MS,
      ...values,
    });
    const pointChanges = [
      change('3', 2, { reported: 0.4, desired: 0.8 }),
      change('1', 1, { reported: 0.4 }),
      change('2', 2, { desired: 0.8 }),
      { ...change('4', 3, {}), point: `${point}2` },
    ];
    const recorder = new BatchRecorder({ database, log: silent });
    for (let twice = 0; twice < 2; twice += 1)
      await recorder.record({ decisions: [], commands: [], readings: [], pointChanges });
    const at = (minutes: number) => reader.pointAt(point, START + minutes * MINUTE_MS);
    expect(await at(0.5)).toBeUndefined();
    expect(await at(1)).toEqual(pointChanges[1]);
    expect(await at(9)).toEqual(pointChanges[0]);
  });

  it('lists what a rule decided for one asset, newest first, up to an instant', async () => {
    const decide = (decisionId: string, minutes: number, related?: string): Decision => ({
      decisionId,
      kind: 'started',
      rule: 'traffic/decided',
      ruleVersion: 1,
      title: 'Decided',
      department: 'traffic',
      asset: 'urn:ngsi-ld:Detector:d',
      ...(related === undefined ? {} : { related }),
      at: START + minutes * MINUTE_MS,
      causedBy: '1-0',
      reason: 'the conditions hold',
      trace: [],
      claims: [],
    });
    const decisions = [decide('d1', 1), decide('d2', 2), decide('d3', 3), decide('d4', 2, 'urn:ngsi-ld:Approach:a')];
    await new BatchRecorder({ database, log: silent }).record({ decisions, commands: [], readings: [] });
    const about = { rule: 'traffic/decided', asset: 'urn:ngsi-ld:Detector:d' };
    expect(idsOf(await reader.decisionsAbout(about, START + 2 * MINUTE_MS, 10))).toEqual(['d4', 'd2', 'd1']);
    expect(idsOf(await reader.decisionsAbout(about, START + 9 * MINUTE_MS, 1))).toEqual(['d3']);
    const each = { ...about, related: 'urn:ngsi-ld:Approach:a' };
    expect(idsOf(await reader.decisionsAbout(each, START + 9 * MINUTE_MS, 10))).toEqual(['d4']);
  });
}

const idsOf = (found: Decision[]): string[] => found.map(({ decisionId }) => decisionId);

/** Thirty readings an hour, rising from 0. */
const fourHours = (asset: string): Reading[] =>
  Array.from({ length: 120 }, (_, index) => read(asset, index * 2 * MINUTE_MS, index / 100));

function read(asset: string, afterMs: number, value: Value, changes: Partial<Reading> = {}): Reading {
  return {
    id: `${asset}@${toIso(START + afterMs)}`,
    asset,
    property: 'occupancy',
    value,
    unit: '1',
    observedAt: START + afterMs,
    receivedAt: START + afterMs,
    quality: 'good',
    source: 'flow:traffic',
    ...changes,
  };
}

/** Averages are sums of floating-point numbers, which come out a little differently in another order. */
function expectSame(found: History, wanted: History): void {
  expect(found).toEqual({
    ...wanted,
    points: wanted.points.map((point) => ({ ...point, avg: expect.closeTo(point.avg ?? 0, 9) })),
  });
}

/** A database that is gone after so many statements. */
function cutAfter(database: Database, statements: number): Database {
  let left = statements;
  return {
    query: async (sql, parameters) => {
      left -= 1;
      if (left < 0) throw new Error('cut off');
      return database.query(sql, parameters);
    },
    transaction: (work) => database.transaction(work),
    close: () => Promise.resolve(),
  };
}
