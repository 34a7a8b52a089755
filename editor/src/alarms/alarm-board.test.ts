import { describe, expect, it } from 'vitest';

import type { Alarm } from '../../../engine/model/alarm.ts';
import { alarmBoard, countUnseen } from './alarm-board.ts';

const alarm = (name: string, more: Partial<Alarm> = {}): Alarm => ({
  alarmId: `asset-silent|${name}|1-0`,
  kind: 'asset-silent',
  subject: name,
  department: 'waste',
  severity: 'medium',
  text: 'not heard',
  group: name,
  raisedAt: 1,
  activeSince: 1,
  occurrences: 1,
  steps: [],
  revision: 1,
  ...more,
});
const seen = { acknowledged: { by: 'ann', at: 2 } };
const lines = (groups: readonly { alarms: readonly Alarm[] }[]) =>
  groups.map(({ alarms }) => `${alarms[0]?.subject} ${alarms.length}`);

describe('the board of open alarms', () => {
  it('has the most urgent first, then the newest, and what is over stays until it is acknowledged', () => {
    const board = alarmBoard([
      alarm('low', { severity: 'low' }),
      alarm('old', { endedAt: 5 }),
      alarm('new', { activeSince: 9 }),
      alarm('life', { severity: 'critical' }),
      alarm('seen', seen),
      alarm('aside', { ...seen, shelved: { by: 'ann', at: 2, until: 9, reason: 'works' } }),
      alarm('gone', { closedAt: 3 }),
    ]);
    expect(lines(board.unseen)).toEqual(['life 1', 'new 1', 'old 1', 'low 1']);
    expect(lines(board.seen)).toEqual(['seen 1']);
    expect(lines(board.shelved)).toEqual(['aside 1']);
    expect(board.counts).toEqual({ critical: 1, high: 0, medium: 2, low: 1 });
  });

  it('shows what hangs together as one line, and what follows from another under it', () => {
    const bins = Array.from({ length: 800 }, (_, n) => alarm(`bin-${n}`, { group: 'quay' }));
    const together = alarmBoard(bins);
    expect(lines(together.unseen)).toEqual(['bin-0 800']);
    expect(countUnseen({ alarms: new Map(bins.map((one) => [one.alarmId, one])) })).toBe(1);
    const gateway = alarm('waste/gw', { kind: 'device-offline' });
    const behind = alarmBoard([gateway, ...bins.map((bin) => ({ ...bin, under: 'device-offline|waste/gw' }))]);
    expect(behind.unseen).toMatchObject([{ followers: 800 }]);
    expect(lines(behind.suppressed)).toEqual(['bin-0 800']);
  });

  it('shows one severity alone, and counts all', () => {
    const board = alarmBoard([alarm('a'), alarm('b', { severity: 'high' })], 'high');
    expect(lines(board.unseen)).toEqual(['b 1']);
    expect(board.counts).toMatchObject({ high: 1, medium: 1 });
  });
});
