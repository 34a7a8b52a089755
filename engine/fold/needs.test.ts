import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Needs } from './needs.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const NEEDS = [
  LAMP,
  'urn:ngsi-ld:Streetlight:l2',
  'near:50m/Streetlight',
  'near:90m/Streetlight',
  'zone:park/Detector',
];

test('finds those who need an asset or an area of a type, after any additions and removals, and keeps nothing of nobody', () => {
  const step = fc.record({ who: fc.nat(3), needs: fc.uniqueArray(fc.constantFrom(...NEEDS)), isThere: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const needs = new Needs<number>();
      const model = new Map<number, string[]>();
      for (const one of steps) {
        needs.remove(one.who, model.get(one.who) ?? []);
        model.delete(one.who);
        if (!one.isThere) continue;
        model.set(one.who, one.needs);
        needs.add(one.who, one.needs);
      }
      const who = (need: string) => new Set([...model].flatMap(([one, its]) => (its.includes(need) ? [one] : [])));
      expect(new Set(needs.of(LAMP))).toEqual(who(LAMP));
      const near = NEEDS.slice(2, 4).filter((area) => who(area).size > 0);
      expect(new Map(needs.areasOf('Streetlight'))).toEqual(new Map(near.map((area) => [area, who(area)])));
      for (const [one, its] of model) needs.remove(one, its);
      expect(needs.size).toBe(0);
    }),
  );
});
