import { expect, it } from 'vitest';

import { describeProblems } from '../model/result.ts';
import { needsTwoPeople, POINTS } from '../model/points.ts';
import type { Value } from '../model/value.ts';
import { checkSchedule } from './check-schedule.ts';

const GOOD = {
  id: 'lighting/night',
  title: 'Night',
  timeZone: 'Europe/London',
  place: [-0.13, 51.51],
  targets: { type: 'Streetlight', point: 'level' },
  programmes: {
    night: [
      { from: { sun: 'sunset' }, to: { sun: 'sunrise' }, set: 1 },
      { from: '23:00', to: '05:00', multiply: 0.5 },
    ],
  },
  days: [{ on: 'everyDay', programme: 'night' }],
};
const EVENT = { ...GOOD, targets: undefined, event: { name: 'sweep' }, programmes: { night: [{ cron: '0 4 * * *' }] } };

function found(changes: object, base: object = GOOD): string[] {
  const around = {
    calendars: new Map(),
    pointTypes: (type: string, point: string) => {
      const declared = POINTS[type]?.[point];
      return declared && [declared.value];
    },
    needsTwo: (type: string, point: string, value: Value) => {
      const declared = POINTS[type]?.[point];
      return declared !== undefined && needsTwoPeople(value, declared);
    },
  };
  const checked = checkSchedule({ ...base, ...changes }, around);
  const problems = checked.ok ? [] : checked.problems;
  return [...problems, ...checked.warnings].map((one) => `${one.code} ${describeProblems([one])}`);
}

it('accepts what can work', () => {
  expect([found({}), found({}, EVENT)]).toEqual([[], []]);
});

it('says everything that is wrong at once, each at its place', () => {
  const programmes = {
    night: [{ from: { sun: 'sunset' }, multiply: 2 }, { set: 80 }],
    other: [{ set: 1 }],
  };
  expect(found({ place: undefined, programmes, days: [{ on: { holidays: 'XX' }, programme: 'nigth' }] })).toEqual([
    expect.stringContaining('calendar-holidays /days/0/on/holidays: found "XX"'),
    'schedule-programme /days/0/programme: found "nigth"; allowed is one of night, other',
    expect.stringContaining('schedule-place /programmes/night/0/from'),
    'schedule-value /programmes/night/1/set: found 80; allowed is a number from 0 to 1',
    expect.stringContaining('schedule-layer /programmes/night/0'),
    expect.stringContaining('schedule-unused /programmes/night'),
    expect.stringContaining('schedule-unused /programmes/other'),
  ]);
});

it.each<[changes: object, said: RegExp, base?: object]>([
  [{ timeZone: 'Europe/Londn' }, /schema \/timeZone: allowed is a time zone/],
  [{ timeZone: undefined }, /schema \/timeZone/],
  [{ event: { name: 'x' } }, /exactly one of targets and event/],
  [{ programmes: {} }, /at least one programme/],
  [{ programmes: { night: [{ at: '07:00' }] } }, /allowed are layers/],
  [{ programmes: { night: [{ set: 1, add: 1 }] } }, /exactly one of set, atLeast/],
  [{ programmes: { night: [{ set: 1, from: '07:00', to: '07:00' }] } }, /two different moments/],
  [{ programmes: { night: [{ set: 1, from: '7:00' }] } }, /\/programmes\/night\/0\/from/],
  [{ programmes: { night: [{ set: 1, ramp: '2 h' }] } }, /ramps of up to 1 h/],
  [{ doubledHour: 'both' }, /allowed is first or second/],
  [{ skippedHour: 'skip' }, /allowed is next/],
  [{ missed: 'all' }, /allowed is skip or once/],
  [{ lease: '1 min' }, /leases from 10 min to 24 h/],
  [{ targets: { type: 'Streetlight', point: 'colour' } }, /schedule-point \/targets\/point/],
  [
    { targets: { type: 'WasteContainer', point: 'compaction' }, programmes: { night: [{ set: 'idle' }, { add: 1 }] } },
    /schedule-value \/programmes\/night\/1\/add: .*numbers only/,
  ],
  [
    {
      targets: { type: 'TrafficController', point: 'functionalPosition' },
      programmes: { night: [{ set: 'NormalControl' }, { from: '23:00', to: '05:00', set: 'YellowFlash' }] },
    },
    /^two-people \/programmes\/night\/1\/set: found "YellowFlash"; .*needs two people: no schedule/,
  ],
  [{ programmes: { night: [{ set: 1 }] } }, /allowed are moments/, EVENT],
  [{ programmes: { night: [{ at: '07:00', cron: '0 7 * * *' }] } }, /exactly one of at and cron/, EVENT],
  [
    { programmes: { night: [{ cron: '0 25 * * *' }] } },
    /schedule-cron \/programmes\/night\/0\/cron: found "0 25 \* \* \*"/,
    EVENT,
  ],
  [{ spread: '5 min' }, /with targets only/, EVENT],
])('refuses %j', (changes, said, base) => {
  expect(found(changes, base).join('\n')).toMatch(said);
});
