// Which named condition a reference means.
import { expect, test } from 'vitest';

import type { NamedCondition } from '../model/rule.ts';
import { NamedConditions } from './named-conditions.ts';

const named = (id: string, name: string): NamedCondition => ({
  id,
  name,
  title: name,
  conditions: { condition: 'dark' },
});
const ALL = new NamedConditions([
  named('lighting/dark', 'dark'),
  named('traffic/dark', 'dark'),
  named('waste/hot-bins', 'hot'),
  named('traffic/rush', 'rush'),
  named('traffic/rush-west', 'rush'),
  named('water/dark', 'constructor'),
]);

test.each([
  ['the own department’s', 'dark', 'traffic', 'traffic/dark'],
  ['the other own department’s', 'dark', 'lighting', 'lighting/dark'],
  ['the only other department’s', 'hot', 'traffic', 'waste/hot-bins'],
  ['by id, that of another department', 'lighting/dark', 'traffic', 'lighting/dark'],
  ['by id, though another has this name', 'water/dark', 'traffic', 'water/dark'],
  ['called like a word of the language', 'constructor', 'traffic', 'water/dark'],
])('%s: %s in %s is %s', (_, name, department, id) => {
  expect(ALL.of(department).find(name)).toMatchObject({ ok: true, id });
});

test.each([
  ['nobody’s name', 'dusk', 'traffic', []],
  ['nobody’s id', 'waste/dark', 'traffic', []],
  ['the id’s last part, which is no name', 'hot-bins', 'waste', []],
  ['the name of two others', 'dark', 'waste', ['lighting/dark', 'traffic/dark']],
  ['a name that the own department gave twice', 'rush', 'traffic', ['traffic/rush', 'traffic/rush-west']],
  ['an empty name', '', 'traffic', []],
])('%s is told with its candidates: %s in %s', (_, name, department, candidates) => {
  expect(ALL.of(department).find(name)).toEqual({ ok: false, candidates });
});

/** The conditions that `dark` can mean inside of the one that traffic calls by this name. */
function darkInside(name: string): readonly string[] {
  const meant = ALL.of('traffic').find(name);
  const inside = meant.ok ? meant.names.find('dark') : meant;
  return inside.ok ? [inside.id] : inside.candidates;
}

test('within a named condition, names mean what they mean in its own department', () => {
  expect(darkInside('lighting/dark')).toEqual(['lighting/dark']);
  expect(darkInside('dark')).toEqual(['traffic/dark']);
  expect(darkInside('hot')).toEqual(['lighting/dark', 'traffic/dark']);
});

test('what was found is remembered, once for each department', () => {
  expect(ALL.of('traffic')).toBe(ALL.of('traffic'));
  expect(ALL.of('traffic').find('dark')).toBe(ALL.of('traffic').find('dark'));
});
