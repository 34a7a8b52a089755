// The record of what people are asked and told: alarms. Run on PGlite and on PostgreSQL alike.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alarm } from '../model/alarm.ts';
import type { Database } from './ports.ts';
import { createRecordReader } from './reader.ts';
import { BatchRecorder } from './recorder.ts';
import type { TestDatabase } from './store.testsuite.ts';

const START = Date.UTC(2026, 10, 22, 10);
const silent = pino({ level: 'silent' });
const nobody = { decisions: [], commands: [], readings: [] };

/** Describes the contract for one kind of database. */
export function describePeople(open: () => Promise<TestDatabase>): void {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await open();
    ({ database } = opened);
  });
  afterAll(() => opened?.close());

  describe('what people are asked and told', () => {
    it('an alarm changes until it is closed; what is older comes late, and lists can be narrowed and continued', async () => {
      const recorder = new BatchRecorder({ database, log: silent });
      const reader = createRecordReader(database);
      const alarms = [0, 1, 2].map((n): Alarm => alarmOf(`asset-silent|a${n}|1-0`, n));
      const [first, second, third] = alarms;
      const closed = { ...first!, closedAt: START + 9, revision: 3 };
      const shelf = { by: 'ann', at: START, until: START + 9, reason: 'works' };
      const shelved: Alarm = { ...third!, severity: 'low', shelved: shelf, revision: 2 };
      await recorder.record({ ...nobody, alarms: [closed, ...alarms] });
      await recorder.record({ ...nobody, alarms: [shelved, { ...first!, revision: 2 }] });
      expect(await reader.alarm(first!.alarmId)).toEqual(closed);
      expect(await reader.alarm('none')).toBeUndefined();
      expect(await reader.recentAlarms(10)).toEqual([shelved, second, closed]);
      expect(await reader.recentAlarms(10, { state: 'open' })).toEqual([shelved, second]);
      expect(await reader.recentAlarms(10, { state: 'closed' })).toEqual([closed]);
      expect(await reader.recentAlarms(10, { state: 'shelved' })).toEqual([shelved]);
      expect(await reader.recentAlarms(10, { state: 'unacknowledged' })).toEqual([second]);
      expect(await reader.recentAlarms(10, { severity: 'low', kind: 'asset-silent' })).toEqual([shelved]);
      expect(await reader.recentAlarms(10, { asset: 'a1', department: 'traffic' })).toEqual([second]);
      expect(await reader.recentAlarms(10, { department: 'waste' })).toEqual([]);
      // All began in one instant: the list still goes on where it stopped.
      expect(await reader.recentAlarms(1, { after: shelved.alarmId })).toEqual([second]);
      await recorder.stop();
    });
  });
}

const alarmOf = (alarmId: string, n: number): Alarm => ({
  alarmId,
  kind: 'asset-silent',
  subject: `a${n}`,
  department: 'traffic',
  severity: 'medium',
  text: 'not heard',
  asset: `a${n}`,
  group: `a${n}`,
  raisedAt: START,
  activeSince: START,
  occurrences: 1,
  steps: [{ what: 'raised', at: START }],
  revision: 1,
});
