import { expect, it } from 'vitest';

import { FoldRun } from '../../test/fold-run.ts';
import { Fold } from './fold.ts';
import { updateCells } from './tables.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const lamp = {
  id: LAMP,
  type: 'Streetlight',
  title: 'Lamp',
  department: 'lighting',
  points: { level: {} },
  binding: { adapter: 'mqtt', device: 'cabinet' },
};
const IN_FACT = { fact: 'calendar.includes', params: { name: 'city/fair' }, operator: 'equal', value: true };
const ALWAYS = { fact: 'time.local', operator: 'greaterThanInclusive', value: 0 };
const rule = (name: string, conditions: unknown, more: object = {}) => ({
  id: `lighting/${name}`,
  title: name,
  scope: { type: 'Streetlight' },
  conditions,
  actions: [{ point: 'level', set: 1 }],
  ...more,
});
const fair = (...dates: string[]) => ({ id: 'city/fair', title: 'Fair', days: { dates } });

/** It is Sunday, 2026-11-22, 10:00 in the city; both rules look at the same calendar. */
async function aCity(): Promise<FoldRun> {
  const run = new FoldRun({ timeZone: 'Europe/London' });
  await run.asset(lamp);
  await run.rule(rule('by-fact', IN_FACT));
  await run.rule(rule('by-hours', ALWAYS, { when: { calendar: ['city/fair'], between: ['00:00', '24:00'] } }));
  return run;
}
const BOTH = ['lighting/by-fact', 'lighting/by-hours'];

it('a calendar means the same days in a fact and in the hours of a rule', async () => {
  const run = await aCity();
  expect(run.activeRules()).toEqual([]);
  await run.calendar(fair('2026-11-23'));
  expect(run.activeRules()).toEqual([]);
  await run.passTo(Date.parse('2026-11-23T00:00:00Z'));
  expect(run.activeRules().toSorted()).toEqual(BOTH);
  await run.passTo(Date.parse('2026-11-24T00:00:00Z'));
  expect(run.activeRules()).toEqual([]);
});

it('a changed calendar takes effect at once, and so does its end', async () => {
  const run = await aCity();
  await run.calendar(fair('2026-11-22'));
  expect(run.activeRules().toSorted()).toEqual(BOTH);
  await run.calendar(fair('2026-12-24'), 2);
  expect(run.activeRules()).toEqual([]);
  await run.calendar(fair('2026-11-22'), 3);
  expect(run.activeRules().toSorted()).toEqual(BOTH);
  await run.put({ kind: 'document', document: { of: 'calendar', id: 'city/fair', version: 4, body: null } });
  expect(run.activeRules()).toEqual([]);
});

it('a calendar that others are made of reaches the rules that name those', async () => {
  const run = await aCity();
  await run.calendar({ id: 'city/fair', title: 'Fair', days: { days: 'sunday', except: { calendar: 'city/frost' } } });
  expect(run.activeRules()).toEqual([]);
  await run.calendar({ id: 'city/frost', title: 'Frost', days: 'monday' });
  expect(run.activeRules().toSorted()).toEqual(BOTH);
});

it('calendars are there after a restart', async () => {
  const run = await aCity();
  await run.calendar(fair('2026-11-23'));
  const cells = new Map<string, string>();
  updateCells(cells, run.fold.drain());
  const again = new Fold({ timeZone: 'Europe/London' });
  again.restore(run.fold.lastId, cells);
  expect(again.nextDue).toBe(run.fold.nextDue);
  expect(again.versions().get('calendar city/fair')).toBe(1);
});
