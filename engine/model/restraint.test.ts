import { describe, expect, it } from 'vitest';

import { END_ASKED_MS, mayEnd, restrains, withParents, type Restraint } from './restraint.ts';

const AT = 1_000_000;
const common = { id: '*/one', by: 'ann', at: AT, reason: 'flood', endAsked: [] };
const standDown = (scope: object = {}): Restraint => ({ ...common, kind: 'stand-down', scope });
const outOfService: Restraint = { ...common, kind: 'out-of-service', asset: 'cabinet' };
const asked = (restraint: Restraint, ...by: string[]): Restraint => ({
  ...restraint,
  endAsked: by.map((name, index) => ({ by: name, at: AT + index, reason: 'over' })),
});
const lamp = { id: 'lamp', type: 'Streetlight', department: 'lighting', zone: 'quay', parent: 'cabinet' };

describe('who ends it', () => {
  it.each([
    ['a stand-down: not who set it alone, however often', asked(standDown(), 'ann', 'ann'), false],
    ['a stand-down: not another alone', asked(standDown(), 'bob'), false],
    ['a stand-down: two people', asked(standDown(), 'ann', 'bob'), true],
    ['out of service: who set it', asked(outOfService, 'ann'), true],
    ['out of service: not another alone', asked(outOfService, 'bob', 'bob'), false],
    ['out of service: two others', asked(outOfService, 'bob', 'cid'), true],
    ['nobody has asked', outOfService, false],
  ])('%s', (_, restraint, ends) => expect(mayEnd(restraint, AT + 10)).toBe(ends));

  it('forgets who asked a quarter of an hour ago', () => {
    const restraint = asked(standDown(), 'ann', 'bob');
    expect(mayEnd(restraint, AT + END_ASKED_MS - 1)).toBe(true);
    expect(mayEnd(restraint, AT + END_ASKED_MS)).toBe(false);
  });
});

describe('what it is about', () => {
  it.each([
    [{}, true],
    [{ department: 'lighting' }, true],
    [{ department: 'waste' }, false],
    [{ zone: 'quay', type: 'Streetlight' }, true],
    [{ zone: 'quay', type: 'WasteContainer' }, false],
    [{ zone: 'hill' }, false],
  ])('a stand-down of %j: %s', (scope, is) => expect(restrains(standDown(scope), lamp, [])).toBe(is));

  it('out of service is what hangs on the cabinet too, also where cabinets lead back to themselves', () => {
    const cabinets: Record<string, { parent?: string }> = { cabinet: { parent: 'yard' }, yard: { parent: 'cabinet' } };
    const line = withParents(lamp, (id) => cabinets[id]);
    expect(line).toEqual(['lamp', 'cabinet', 'yard']);
    expect(restrains(outOfService, lamp, line)).toBe(true);
    expect(restrains(outOfService, { ...lamp, id: 'other' }, ['other'])).toBe(false);
  });
});
