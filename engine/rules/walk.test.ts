// What conditions compare, name and read.
import { describe, expect, test } from 'vitest';

import type { Condition } from '../model/rule.ts';
import { NamedConditions } from './named-conditions.ts';
import { comparisonsIn, factNames, namesIn, partsNamedIn } from './walk.ts';

const isTrue = (fact: string): Condition => ({ fact, operator: 'equal', value: true });
const one = (id: string, body: Condition) => ({ id, name: id.split('/')[1] ?? '', title: id, conditions: body });

describe('walking through conditions', () => {
  const conditions: Condition = {
    all: [
      isTrue('b0'),
      { any: [{ not: { fact: 'n0', operator: 'lessThan', value: { fact: 'n1' } } }, { condition: 'dark' }] },
      { not: { condition: 'quiet' } },
    ],
  };

  test('finds every comparison with its place', () => {
    expect([...comparisonsIn([conditions], ['/conditions'])].map(({ path }) => path)).toEqual([
      '/conditions/all/0',
      '/conditions/all/1/any/0/not',
    ]);
    expect([...comparisonsIn([isTrue('b0')])].map(({ path }) => path)).toEqual(['/0']);
  });

  test('finds every fact, on either side', () => {
    expect([...factNames([conditions])]).toEqual(['b0', 'n0', 'n1']);
  });

  test('finds every name', () => {
    expect([...namesIn(conditions)]).toEqual(['dark', 'quiet']);
    expect([...namesIn(isTrue('b0'))]).toEqual([]);
  });

  test('finds every condition that is named, directly or through others, each once', () => {
    const named = new NamedConditions([
      one('x/dark', { all: [{ condition: 'late' }, { condition: 'y/dark' }] }),
      one('x/late', isTrue('b2')),
      one('y/dark', { any: [{ condition: 'late' }, { condition: 'dark' }] }),
      one('y/late', { condition: 'nobody' }),
      one('z/quiet', isTrue('b3')),
      one('z/other', isTrue('b4')),
    ]);
    const found = partsNamedIn(conditions, named.of('x'));
    expect([...found.keys()]).toEqual(['x/dark', 'x/late', 'y/dark', 'y/late', 'z/quiet']);
  });
});
