import { describe, expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import type { ScheduleRun, ScheduleView } from '../model/schedule-run.ts';
import { Fold } from './fold.ts';
import type { Output } from './ports.ts';
import { updateCells } from './tables.ts';

const lampId = (name: string) => `urn:ngsi-ld:Streetlight:${name}`;
const lamp = (name: string, more: object = {}) => ({
  id: lampId(name),
  type: 'Streetlight',
  title: name,
  department: 'lighting',
  zone: 'old-town',
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'cabinet' },
  ...more,
});

/** Over a base of 0.5: full from 10:30 to 11:00. The runs below begin on a Sunday at 10:00 UTC. */
const plan = (more: object = {}) => ({
  id: 'lighting/old-town',
  title: 'Old town',
  timeZone: 'UTC',
  targets: { type: 'Streetlight', zone: 'old-town', point: 'level', except: { tag: 'crossing' } },
  programmes: { day: [{ set: 0.5 }, { from: '10:30', to: '11:00', set: 1, ramp: '1 min' }] },
  days: [{ on: 'everyDay', programme: 'day' }],
  ...more,
});
const sweep = (more: object = {}) => ({
  id: 'waste/sweep',
  title: 'Sweep',
  timeZone: 'UTC',
  event: { name: 'sweep' },
  programmes: { day: [{ cron: '*/10 * * * *', note: 'round' }] },
  days: [{ on: 'everyDay', programme: 'day' }],
  ...more,
});

/** What is asked of each lamp in turn: `a 0.5`, with the ramp where there is one; `a -` gives it back. */
const asked = (outputs: readonly Output[]): string[] =>
  commandsIn(outputs).map(({ point, want, slot }) => {
    const name = point.split(':').at(-1)?.split('#')[0];
    if ('release' in want) return `${name} -`;
    return `${name} ${String(want.value)}${want.rampSeconds > 0 ? ` in ${want.rampSeconds} s` : ''} slot ${slot}`;
  });
const runsIn = (outputs: readonly Output[]): ScheduleRun[] =>
  outputs.flatMap((output) => (output.kind === 'run' ? [output.run] : []));
const viewIn = (outputs: readonly Output[], schedule: string): ScheduleView | undefined =>
  outputs
    .flatMap((output) => (output.kind === 'live' && output.event.event === 'schedule' ? [output.event.data] : []))
    .findLast((view) => view.schedule === schedule);

/** A lamp does at once what it is asked for. */
async function obey(run: FoldRun, outputs: readonly Output[]): Promise<void> {
  for (const command of commandsIn(outputs)) {
    await run.sent(command);
    const level =
      'release' in command.want
        ? { value: 1, cause: 'programme' }
        : { value: command.want.value, cause: 'command', commandId: command.commandId };
    const points = { level };
    await run.report(command.point.split('#')[0] ?? '', { points });
  }
}

async function aStreet(...names: string[]): Promise<FoldRun> {
  const run = new FoldRun();
  for (const name of names) await run.asset(lamp(name));
  return run;
}

/** Nobody is there for so many seconds: the log's clock goes on, and no entry comes in. */
async function outage(run: FoldRun, seconds: number): Promise<Output[]> {
  run.now += seconds * 1_000;
  return run.put({ kind: 'tick' });
}

describe('a schedule with targets', () => {
  it('holds its points in slot 14, changes them when it is due, and gives nothing to those excepted', async () => {
    const run = await aStreet('a');
    await run.asset(lamp('b', { tags: ['crossing'] }));
    const first = await run.schedule(plan());
    expect(asked(first)).toEqual(['a 0.5 slot 14']);
    await obey(run, first);
    expect(asked(await run.pass(29 * 60))).toEqual([]);
    const second = await run.pass(60);
    expect(asked(second)).toEqual(['a 1 in 60 s slot 14']);
    await obey(run, second);
    expect(asked(await run.pass(30 * 60))).toEqual(['a 0.5 in 60 s slot 14']);
  });

  it('renews at half of its lease what devices would forget', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan({ lease: '20 min', programmes: { day: [{ set: 0.5 }] } })));
    expect(asked(await run.pass(9 * 60))).toEqual([]);
    const renewals = await run.pass(51 * 60);
    expect(asked(renewals).length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked(renewals))).toEqual(new Set(['a 0.5 slot 14']));
  });

  it('takes a changed document up at once and leaves nothing of the old one', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan()));
    const changed = await run.schedule(plan({ programmes: { day: [{ set: 0.2 }] } }), 2);
    expect(asked(changed)).toEqual(['a 0.2 slot 14']);
    await obey(run, changed);
    // Nothing comes of what the first version had planned for 10:30 and 11:00.
    expect(asked(await run.pass(3_600)).filter((one) => !one.startsWith('a 0.2'))).toEqual([]);
    const removed = await run.put({
      kind: 'document',
      document: { of: 'schedule', id: 'lighting/old-town', version: 3, body: null },
    });
    expect(asked(removed)).toEqual(['a -']);
    expect(run.fold.versions().get('schedule lighting/old-town')).toBe(3);
  });

  it('covers a lamp that is added, and lets go of one that moves away', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan()));
    await run.asset(lamp('c'));
    const added = run.outputs.slice(-20);
    expect(asked(added)).toContain('c 0.5 slot 14');
    await obey(run, added);
    await run.asset(lamp('c', { zone: 'harbour' }), 2);
    expect(asked(run.outputs).at(-1)).toBe('c -');
  });

  it('looks again when a calendar of its days is changed', async () => {
    const run = await aStreet('a');
    const days = [
      { on: { calendar: 'city/fair' }, programme: 'fair' },
      { on: 'everyDay', programme: 'day' },
    ];
    await obey(run, await run.schedule(plan({ days, programmes: { day: [{ set: 0.5 }], fair: [{ set: 1 }] } })));
    const changed = await run.calendar({ id: 'city/fair', title: 'Fair', days: 'sunday' });
    expect(asked(changed)).toEqual(['a 1 slot 14']);
  });

  it('gives way to whoever is more urgent, and is there again afterwards', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan({ programmes: { day: [{ set: 0.5 }] } })));
    const actor = { kind: 'person' as const, id: 'ann', roles: { lighting: ['operator' as const] } };
    const request = {
      do: 'claim' as const,
      point: `${lampId('a')}#level`,
      effect: 'set' as const,
      value: 0.9,
      slot: 8,
      rampSeconds: 0,
      leaseSeconds: 60,
      key: '',
      reason: 'look',
    };
    const overridden = await run.put({ kind: 'request', id: 'q1', actor, department: 'lighting', request });
    expect(asked(overridden)).toEqual(['a 0.9 slot 8']);
    await obey(run, overridden);
    expect(asked(await run.pass(60))).toEqual(['a 0.5 slot 14']);
  });

  it('spreads a change over its window, each lamp always in the same place', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `l${index}`);
    const run = await aStreet(...names);
    await obey(run, await run.schedule(plan({ spread: '1 min', lease: '24 h' })));
    await run.pass(30 * 60 - 1);
    const when = new Map<string, number>();
    for (let second = 0; second <= 60; second += 1)
      for (const one of asked(await run.pass(1))) when.set(one.split(' ')[0] ?? '', second);
    expect(when.size).toBe(30);
    expect(new Set(when.values()).size).toBeGreaterThan(10);
    expect(Math.max(...when.values())).toBeLessThanOrEqual(60);
  });
});

describe('after an outage', () => {
  it('what should hold now holds, and what was missed is listed', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan()));
    const back = await outage(run, 2 * 3_600);
    expect(asked(back)).toEqual(['a 0.5 slot 14']);
    expect(viewIn(back, 'lighting/old-town')?.missed).toMatchObject([
      { runId: 'lighting/old-town@2026-11-22T11:00:00.000Z', policy: 'once', done: 'made up for' },
      { runId: 'lighting/old-town@2026-11-22T10:30:00.000Z', policy: 'once', done: 'passed over' },
    ]);
  });

  it('with skip, nothing is wanted until the next change', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan({ missed: 'skip' })));
    const back = await outage(run, 35 * 60);
    expect(asked(back)).toEqual(['a -']);
    expect(viewIn(back, 'lighting/old-town')?.missed).toMatchObject([{ policy: 'skip', done: 'passed over' }]);
    await obey(run, back);
    expect(asked(await run.pass(25 * 60))).toEqual(['a 0.5 in 60 s slot 14']);
  });

  it('a busy minute is no outage', async () => {
    const run = await aStreet('a');
    await obey(run, await run.schedule(plan()));
    const late = await outage(run, 30 * 60 + 50);
    expect(asked(late)).toEqual(['a 1 in 60 s slot 14']);
    expect(viewIn(late, 'lighting/old-town')?.missed).toEqual([]);
  });

  it.each([
    ['all', 4, ['10:10', '10:20', '10:30', '10:40']],
    ['once', 2, ['10:30', '10:40']],
    ['skip', 1, ['10:40']],
  ])(
    'events with the policy %s are told %d times, and all that were missed are listed',
    async (missed, count, times) => {
      const run = new FoldRun();
      await run.schedule(sweep({ missed }));
      const back = await outage(run, 40 * 60 + 5);
      expect(runsIn(back).map(({ due }) => new Date(due).toISOString().slice(11, 16))).toEqual(times);
      expect(runsIn(back)).toHaveLength(count);
      expect(viewIn(back, 'waste/sweep')?.missed).toHaveLength(3);
    },
  );
});

describe('an event', () => {
  it('is told once for each moment, by an id that says which', async () => {
    const run = new FoldRun();
    await run.schedule(sweep());
    const outputs = await run.pass(3_600);
    expect(runsIn(outputs)).toHaveLength(6);
    expect(runsIn(outputs)[0]).toEqual({
      runId: 'waste/sweep@2026-11-22T10:10:00.000Z',
      schedule: 'waste/sweep',
      version: 1,
      department: 'waste',
      title: 'Sweep',
      name: 'sweep',
      due: Date.parse('2026-11-22T10:10:00Z'),
      programme: 'day',
      notes: ['round'],
      late: false,
    });
  });

  it('that was changed leaves no old moment behind, and begins with the next new one', async () => {
    const run = new FoldRun();
    await run.schedule(sweep());
    await run.schedule(sweep({ programmes: { day: [{ at: '10:15' }] } }), 2);
    const outputs = await run.pass(3_600);
    expect(runsIn(outputs).map(({ runId, version }) => `${runId} ${version}`)).toEqual([
      'waste/sweep@2026-11-22T10:15:00.000Z 2',
    ]);
  });

  it('that never comes asks nothing of anybody', async () => {
    const run = new FoldRun();
    await run.schedule(sweep({ days: [{ on: { dates: ['2020-01-01'] }, programme: 'day' }] }));
    expect(runsIn(await run.pass(30 * 86_400))).toEqual([]);
  });
});

it('a restart changes nothing: what is due comes once', async () => {
  const run = await aStreet('a');
  await obey(run, await run.schedule(plan()));
  await run.schedule(sweep());
  await run.pass(5 * 60);
  const cells = new Map<string, string>();
  updateCells(cells, run.fold.drain());
  const again = new Fold();
  again.restore(run.fold.lastId, cells);
  run.fold = again;
  const outputs = await run.pass(26 * 60);
  expect(runsIn(outputs).map(({ due }) => new Date(due).getUTCMinutes())).toEqual([10, 20, 30]);
  expect(asked(outputs)).toEqual(['a 1 in 60 s slot 14']);
});

it.each([3_600, -3_600])('a log clock that jumps by %d s tells nothing twice and loses nothing', async (jump) => {
  const run = new FoldRun();
  await run.schedule(sweep());
  const before = await run.pass(12 * 60);
  run.now += jump * 1_000;
  const outputs = [...before, ...(await run.put({ kind: 'tick' })), ...(await run.pass(2 * 3_600))];
  const due = runsIn(outputs).map((one) => one.due);
  expect(new Set(due).size).toBe(due.length);
  const expected = Array.from(
    { length: due.length },
    (_, index) => Date.parse('2026-11-22T10:10:00Z') + index * 600_000,
  );
  expect(due.toSorted((left, right) => left - right)).toEqual(expected);
  expect(due.at(-1)).toBe(Math.floor(run.now / 600_000) * 600_000);
});
