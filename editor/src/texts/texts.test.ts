// Every text is shown somewhere, and both languages have the same ones with the same form.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { de } from './de.ts';
import { en } from './en.ts';

/** Looked up by a value that comes from the city; a missing one is shown as it is. */
const OPEN = new Set(['names', 'types', 'departments', 'words', 'reasons', 'alarmKinds']);

const SOURCES = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('texts/'))
  .map((name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
  .join('\n');

it('shows every text of the catalogue', () => {
  const unused = Object.entries(en)
    .filter(([group, texts]) => !OPEN.has(group) && typeof texts === 'object')
    .filter(([group]) => !SOURCES.includes(`texts.${group}[`))
    .flatMap(([group, texts]) => Object.keys(texts).map((key) => `texts.${group}.${key}`))
    .filter((name) => !SOURCES.includes(name));
  expect(unused).toEqual([]);
});

it('has a German text wherever there is an English name for a property, type or department', () => {
  for (const group of ['names', 'types', 'departments'] as const)
    expect(Object.keys(de[group]).toSorted()).toEqual(Object.keys(en[group]).toSorted());
});
