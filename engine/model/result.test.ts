import { expect, it } from 'vitest';
import { check } from './check.ts';
import { describeFound, describeProblems, problem } from './result.ts';
import { conditionSchema } from './rule.ts';
import { valueSchema } from './value.ts';

const DEPTH = 200_000;

it('describes what was found in few words', () => {
  expect(describeFound(undefined)).toBe('nothing');
  expect(describeFound('x'.repeat(99))).toBe(`"${'x'.repeat(59)}…`);
  expect(describeFound(() => 1)).toBe('function');
  expect(problem('slot', '/slot', 8, 'allowed is 13')).toEqual({
    code: 'slot',
    path: '/slot',
    message: 'found 8; allowed is 13',
    found: '8',
    allowed: '13',
  });
  const problems = [problem('a', '', 1, 'allowed is 2'), problem('b', '/b', 3, 'allowed is 4')];
  expect(describeProblems(problems)).toBe('found 1; allowed is 2\n/b: found 3; allowed is 4');
});

it('survives what is nested too deeply to be described or checked', () => {
  const list: unknown = JSON.parse('['.repeat(DEPTH) + ']'.repeat(DEPTH));
  expect(describeFound(list)).toBe('something nested too deeply');
  expect(check(valueSchema, list)).toMatchObject({ ok: false, problems: [{ code: 'schema' }] });
  const condition: unknown = JSON.parse('{"not":'.repeat(DEPTH) + '1' + '}'.repeat(DEPTH));
  expect(check(conditionSchema, condition)).toEqual({
    ok: false,
    problems: [{ code: 'schema', path: '', message: 'found something nested too deeply to be read' }],
  });
});
