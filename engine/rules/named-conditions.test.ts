// Which named condition a reference means.
import { expect, test } from 'vitest';

import type { NamedCondition } from '../model/rule.ts';
import { resolveCondition } from './named-conditions.ts';

const named = (id: string, name: string): NamedCondition => ({
  id,
  name,
  title: name,
  conditions: { fact: 'motion', operator: 'equal', value: true },
});
const ALL = [
  named('lighting/dark', 'dark'),
  named('traffic/dark', 'dark'),
  named('waste/hot-bins', 'hot'),
  named('traffic/rush', 'rush'),
  named('traffic/rush-west', 'rush'),
  named('water/dark', 'constructor'),
];

test.each([
  ['the own department’s', 'dark', 'traffic', 'traffic/dark'],
  ['the other own department’s', 'dark', 'lighting', 'lighting/dark'],
  ['the only other department’s', 'hot', 'traffic', 'waste/hot-bins'],
  ['by id, that of another department', 'lighting/dark', 'traffic', 'lighting/dark'],
  ['by id, though another has this name', 'water/dark', 'traffic', 'water/dark'],
  ['called like a word of the language', 'constructor', 'traffic', 'water/dark'],
])('%s: %s in %s is %s', (_, name, department, id) => {
  expect(resolveCondition(name, department, ALL)).toMatchObject({ ok: true, value: { id } });
});

test.each([
  ['nobody’s name', 'dusk', 'traffic', []],
  ['nobody’s id', 'waste/dark', 'traffic', []],
  ['the id’s last part, which is no name', 'hot-bins', 'waste', []],
  ['the name of two others', 'dark', 'waste', ['lighting/dark', 'traffic/dark']],
  ['a name that the own department gave twice', 'rush', 'traffic', ['traffic/rush', 'traffic/rush-west']],
  ['an empty name', '', 'traffic', []],
])('%s is told with its candidates: %s in %s', (_, name, department, candidates) => {
  expect(resolveCondition(name, department, ALL)).toEqual({ ok: false, candidates });
});
