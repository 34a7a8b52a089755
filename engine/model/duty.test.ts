import { expect, it } from 'vitest';

import { check } from './check.ts';
import { dutyListSchema } from './duty.ts';

const desk = { name: 'Desk', mail: 'desk@city.example' };
const list = { id: 'waste/duty', title: 'Duty', levels: [{ contacts: [desk] }, { after: '15 min', contacts: [desk] }] };
const problems = (body: unknown): string[] => {
  const checked = check(dutyListSchema, body);
  return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`);
};

it('tells alarms from medium on, every half an hour, unless it says otherwise', () => {
  expect(dutyListSchema.parse(list)).toMatchObject({ from: 'medium', repeatEvery: '30 min' });
});

it('is refused with all that is wrong with it at once', () => {
  const bad = {
    ...list,
    from: 'loud',
    repeatEvery: '1 min',
    levels: [
      { after: '5 min', contacts: [{ ...desk, webhook: 'https://a.example/' }, { name: 'Nobody' }] },
      { contacts: [{ name: 'Ben', mail: 'ben' }] },
      { after: '10 s', contacts: [{ name: 'Crew', webhook: 'https://ann:secret@crews.example/hook' }] },
    ],
  };
  expect(problems(bad)).toMatchInlineSnapshot(`
    [
      "/from: allowed is one of "critical", "high", "medium", "low"; found "loud"",
      "/levels/0/contacts/0/mail: allowed is either mail or webhook; found "desk@city.example"",
      "/levels/0/contacts/1/mail: allowed is either mail or webhook; found nothing",
      "/levels/1/contacts/0/mail: allowed is a mail address such as "desk@city.example"; found "ben"",
      "/levels/2/after: allowed is 1 min to 24 h; found "10 s"",
      "/levels/2/contacts/0/webhook: allowed is an address without name and password; found "https://ann:secret@crews.example/hook"",
      "/repeatEvery: allowed is 5 min to 24 h; found "1 min"",
    ]
  `);
});

const level = (after?: string) => ({ contacts: [desk], ...(after === undefined ? {} : { after }) });

it('has levels that follow one another', () => {
  expect(problems({ ...list, levels: [level(), level('10 min'), level('1 h')] })).toEqual([]);
  expect(problems({ ...list, levels: [level('1 min'), level(), level('10 min'), level('10 min')] }))
    .toMatchInlineSnapshot(`
    [
      "/levels/0/after: the first level is told at once: it has no "after"; found "1 min"",
      "/levels/1/after: allowed is a duration: when this level is told; found nothing",
      "/levels/3/after: allowed is longer than the level before, 10 min; found "10 min"",
    ]
  `);
  expect(problems({ ...list, levels: [level(), level('soon'), level('10 min')] })).toMatchInlineSnapshot(`
    [
      "/levels/1/after: allowed is a number with a unit (ms, s, min, h, d) such as "3 min", or ISO 8601 such as "PT3M", longer than nothing and at most 366 days; found "soon"",
    ]
  `);
});
