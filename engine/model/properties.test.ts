// The city's properties and points make sense in themselves.
import { expect, test } from 'vitest';

import { nameSchema } from './names.ts';
import { POINTS } from './points.ts';
import { PROPERTIES } from './properties.ts';
import { misfit, valueTypeSchema } from './value.ts';

test.each(Object.entries(PROPERTIES))(
  '%s has a name, a description and a range that is not empty',
  (name, property) => {
    expect(nameSchema.safeParse(name).success).toBe(true);
    expect(property.description).not.toBe('');
    const type = valueTypeSchema.parse(property.value);
    expect(type.type === 'number' ? type.min < type.max : true).toBe(true);
  },
);

test('a point’s safe value is one of its own values, or a release', () => {
  const all = Object.values(POINTS).flatMap((points) => Object.values(points));
  expect(all.filter(({ safe, value }) => typeof safe !== 'object' && misfit(value, safe) !== undefined)).toEqual([]);
});

test('a meter that proves a point measures a property that the city knows', () => {
  const meters = Object.values(POINTS).flatMap((points) =>
    Object.values(points).flatMap(({ instrument }) => instrument?.property ?? []),
  );
  expect(meters.filter((property) => !Object.hasOwn(PROPERTIES, property))).toEqual([]);
});
