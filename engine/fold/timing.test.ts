import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, decisionsIn, FoldRun, START } from '../../test/fold-run.ts';
import { updateCells } from './tables.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const HOUR_S = 3_600;
const MINUTE_MS = 60_000;

const bin = {
  id: BIN,
  type: 'WasteContainer',
  title: 'Pier 3',
  department: 'waste',
  reports: { fillingLevel: { onChange: true, heartbeat: '1 day' } },
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'pier-3' },
};
const press = {
  id: 'waste/compact',
  title: 'Press',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.7 },
  actions: [{ point: 'compaction', set: 'compacting' }],
};

let run: FoldRun;
/** What the checkpoints have written so far. */
const cells = new Map<string, string>();
beforeEach(async () => {
  cells.clear();
  run = new FoldRun({ timeZone: 'Europe/London' });
  await run.asset(bin);
});
afterEach(() => expect(run.failures).toEqual([]));

/** The process dies right after its checkpoint, and another one begins from it. */
function restart(): void {
  updateCells(cells, run.fold.drain());
  const { lastId } = run.fold;
  run.fold = run.newFold();
  run.fold.restore(lastId, cells);
}

const kinds = (outputs: FoldRun['outputs']): string[] => decisionsIn(outputs).map(({ kind }) => kind);
const fill = (value: number, more: { id?: string; at?: number; quality?: 'good' | 'bad' } = {}) =>
  run.reading(BIN, 'fillingLevel', value, more);

describe('a rule that must be seen to be true on several readings', () => {
  beforeEach(() => run.rule({ ...press, times: { readings: 2, within: '26 h' } }));

  it('starts on the second, not on the first', async () => {
    expect(kinds(await fill(0.8))).toEqual([]);
    await run.pass(HOUR_S);
    expect(kinds(await fill(0.8))).toEqual(['started']);
  });

  it('counts a reading that is sent twice once, and several of one moment once', async () => {
    await fill(0.8, { id: 'one' });
    await run.pass(60);
    expect(kinds(await fill(0.8, { id: 'one', at: START }))).toEqual([]);
    expect(kinds(await fill(0.9, { id: 'other', at: START }))).toEqual([]);
    expect(kinds(await fill(0.9, { id: 'later' }))).toEqual(['started']);
  });

  it('does not count readings on which it is false or unknown', async () => {
    await fill(0.8);
    await run.pass(60);
    await fill(0.9, { quality: 'bad' });
    await run.pass(60);
    expect(kinds(await fill(0.3))).toEqual([]);
    await run.pass(60);
    expect(kinds(await fill(0.8))).toEqual(['started']);
  });

  it('forgets those that are older than its window', async () => {
    await fill(0.8);
    await run.pass(26 * HOUR_S);
    expect(kinds(await fill(0.8))).toEqual([]);
  });

  it('counts a late reading at the moment it was observed', async () => {
    await fill(0.8);
    expect(kinds(await fill(0.9, { at: START - 30 * MINUTE_MS }))).toEqual(['started']);
  });

  it('does not count a late reading from before its window, nor one that was false', async () => {
    await fill(0.8);
    expect(kinds(await fill(0.9, { at: START - 27 * HOUR_S * 1_000 }))).toEqual([]);
    expect(kinds(await fill(0.2, { at: START - HOUR_S * 1_000 }))).toEqual([]);
  });

  it('counts anew after it was active, and under a new version', async () => {
    for (const value of [0.8, 0.9, 0.1, 0.8]) {
      await run.pass(60);
      await fill(value);
    }
    expect(kinds(run.outputs)).toEqual(['started', 'ended']);
    await run.rule({ ...press, times: { readings: 2, within: '1 h' } }, 2);
    await run.pass(60);
    expect(kinds(await fill(0.8))).toEqual([]);
    await run.pass(60);
    expect(kinds(await fill(0.8))).toEqual(['started']);
  });

  it('remembers its count over a restart', async () => {
    await fill(0.8);
    restart();
    await run.pass(60);
    expect(kinds(await fill(0.8))).toEqual(['started']);
  });

  it('counts both readings of one batch', async () => {
    const reading = { asset: BIN, property: 'fillingLevel', value: 0.8, receivedAt: START, source: 'flow:test' };
    const at = (id: string, observedAt: number) => ({ ...reading, id, observedAt, quality: 'good' as const });
    const readings = [at('a', START - MINUTE_MS), at('b', START)];
    expect(kinds(await run.put({ kind: 'readings', readings }))).toEqual(['started']);
  });
});

describe('a rule with hours', () => {
  const office = { ...press, when: { days: 'workday', between: ['06:30', '20:00'] } };

  it('does not start outside of them, starts as they begin, and ends as they end', async () => {
    await run.rule(office);
    await fill(0.8);
    expect(kinds(run.outputs)).toEqual([]);
    const [started] = decisionsIn(await run.pass(24 * HOUR_S));
    expect(started).toMatchObject({ kind: 'started', at: Date.parse('2026-11-23T06:30:00Z') });
    const [ended] = decisionsIn(await run.pass(12 * HOUR_S));
    expect(ended).toMatchObject({
      kind: 'ended',
      at: Date.parse('2026-11-23T20:00:00Z'),
      reason: 'outside of its hours (workday, 06:30 to 20:00)',
    });
    expect(ended?.claims).toHaveLength(1);
  });

  it('forgets what it was counting when they end', async () => {
    await run.rule({ ...press, for: '1 h', when: { between: ['09:00', '10:30'] } });
    await fill(0.8);
    await run.pass(22 * HOUR_S);
    expect(kinds(run.outputs)).toEqual([]);
    expect(kinds(await run.pass(3 * HOUR_S))).toEqual(['started', 'ended']);
  });

  it('that looks back over a window keeps to them as well', async () => {
    await run.rule({
      ...office,
      conditions: { fact: 'fillingLevel', params: { window: '30 days' }, operator: 'greaterThan', value: 0.7 },
    });
    await fill(0.8);
    expect(kinds(run.outputs)).toEqual([]);
    expect(decisionsIn(await run.pass(36 * HOUR_S)).map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-11-23T06:30:00.000Z',
      '2026-11-23T20:00:00.000Z',
    ]);
  });

  it.each([
    ['loses an hour', '2026-03-28T20:00:00Z', ['2026-03-28T22:00:00.000Z', '2026-03-29T05:00:00.000Z']],
    ['gains an hour', '2026-10-24T20:00:00Z', ['2026-10-24T21:00:00.000Z', '2026-10-25T06:00:00.000Z']],
  ])('keeps to the clock on the wall in the night that %s', async (_what, from, boundaries) => {
    run = new FoldRun({ timeZone: 'Europe/London' });
    run.now = Date.parse(from);
    await run.asset(bin);
    await run.rule({ ...press, when: { between: ['22:00', '06:00'] } });
    await fill(0.8);
    const decisions = decisionsIn(await run.pass(14 * HOUR_S));
    expect(decisions.map(({ at }) => new Date(at).toISOString())).toEqual(boundaries);
  });

  it.each<[string, object, string[]]>([
    [
      'working days, over Christmas',
      { calendar: ['workday'], between: ['06:30', '20:00'] },
      ['2026-12-24T05:30:00.000Z', '2026-12-24T19:00:00.000Z', '2026-12-28T05:30:00.000Z', '2026-12-28T19:00:00.000Z'],
    ],
    [
      'holidays, the next of which is weeks away',
      { calendar: ['holiday'], days: ['friday'] },
      ['2026-12-24T23:00:00.000Z', '2026-12-25T23:00:00.000Z'],
    ],
  ])('keeps to %s', async (_what, when, boundaries) => {
    run = new FoldRun({ timeZone: 'Europe/Berlin', holidays: 'DE-BY' });
    run.now = Date.parse('2026-11-27T21:00:00Z');
    await run.asset({ ...bin, reports: { fillingLevel: { onChange: true, heartbeat: '30 days' } } });
    await run.rule({ ...press, when });
    await fill(0.8);
    const decisions = decisionsIn(await run.pass(31 * 24 * HOUR_S)).map(({ at }) => new Date(at).toISOString());
    expect(decisions.filter((at) => at > '2026-12-24')).toEqual(boundaries);
  });

  it('that are changed by a new version ends or starts at once', async () => {
    await run.rule(press);
    await fill(0.8);
    expect(kinds(await run.rule(office, 2))).toEqual(['ended']);
    expect(kinds(await run.rule(press, 3))).toEqual(['started']);
    expect(kinds(await run.pass(48 * HOUR_S))).toEqual([]);
  });

  it('begins them on time after a restart', async () => {
    await run.rule(office);
    await fill(0.8);
    restart();
    expect(kinds(await run.pass(24 * HOUR_S))).toEqual(['started']);
  });
});

const releases = (outputs: FoldRun['outputs']) => commandsIn(outputs).filter(({ want }) => 'release' in want);
/** What was decided, with the seconds since the beginning. */
const decided = () => decisionsIn(run.outputs).map(({ kind, at }) => [kind, (at - START) / 1_000]);

describe('a rule that clears', () => {
  const slow = { ...press, clearFor: '30 min' };

  it.each([false, true])('keeps its claims for longer than their lease (with restarts: %s)', async (restarts) => {
    await run.rule(slow);
    await fill(0.8);
    await fill(0.1);
    for (let minute = 1; minute < 30; minute += 1) {
      await run.pass(60);
      if (restarts) restart();
    }
    expect(releases(run.outputs)).toEqual([]);
    expect(run.activeRules()).toEqual([press.id]);
    expect(releases(await run.pass(60))).toHaveLength(1);
    expect(decided()).toEqual([
      ['started', 0],
      ['ended', 1_800],
    ]);
  });

  it('does not count what it does not know: with "hold" the count begins anew with the first known value', async () => {
    await run.asset({ ...bin, reports: { fillingLevel: { every: '10 s' } } }, 2);
    await run.rule({ ...press, clearFor: '2 min', onUnknown: 'hold' });
    await fill(0.8);
    await fill(0.1);
    await run.pass(300);
    expect(kinds(await fill(0.1))).toEqual([]);
    for (let second = 0; second < 120; second += 10) {
      expect(run.activeRules()).toEqual([press.id]);
      await run.pass(10);
      await fill(0.1);
    }
    expect(decided()).toEqual([
      ['started', 0],
      ['ended', 420],
    ]);
  });

  it('goes by the length that a new version gives, from when it began to clear', async () => {
    await run.rule(slow);
    await fill(0.8);
    await fill(0.1);
    await run.pass(300);
    await run.rule({ ...press, clearFor: '6 min' }, 2);
    await run.pass(60);
    expect(decided()).toEqual([
      ['started', 0],
      ['ended', 360],
    ]);
  });
});

describe('a rule that counts how long it has been true', () => {
  it.each([
    ['shorter', '55 s', 55],
    ['shorter than it has counted', '10 s', 50],
    ['longer', '70 s', 70],
    ['absent', undefined, 50],
  ])('goes by the length that a new version gives, from when it began: %s', async (_what, length, startedAfter) => {
    await run.rule({ ...press, for: '60 s' });
    await fill(0.8);
    await run.pass(50);
    await run.rule({ ...press, for: length }, 2);
    await run.pass(60);
    expect(decisionsIn(run.outputs)).toMatchObject([
      { kind: 'started', ruleVersion: 2, at: START + startedAfter * 1_000 },
    ]);
  });
});
