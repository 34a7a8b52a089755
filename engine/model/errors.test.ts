import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS, SignalboxError } from './errors.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| .+ \|$/gm)];

describe('the catalogue of errors', () => {
  it('is what docs/errors.md lists, in both directions, with the same statuses', () => {
    const documented = Object.fromEntries(rows.map(([, code = '', status]) => [code, Number(status)]));
    const raised = Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status]));
    expect(documented).toEqual(raised);
    expect(rows).toHaveLength(Object.keys(ERRORS).length);
  });
});

describe('the codes of problems', () => {
  it('are what docs/errors.md lists, in both directions', () => {
    const root = join(import.meta.dirname, '../..');
    const sources = globSync('{engine,server,nodes,flows}/**/*.ts', {
      cwd: root,
      exclude: (path) => path.includes('node_modules'),
    })
      .filter((path) => !/\.(test|testsuite)\.ts$|node_modules/.test(path))
      .map((path) => readFileSync(join(root, path), 'utf8'));
    const made = sources.flatMap((source) =>
      [...source.matchAll(/\bproblem\(\s*'([a-z-]+)'|\bcode: '([a-z-]+)'/g)].map(
        ([, first, second]) => first ?? second,
      ),
    );
    const listed = [...page.matchAll(/^\| `([a-z-]+)` +\| (?!\d{3} )/gm)].map(([, code]) => code);
    // `custom` is zod's word for an issue that a schema raises by itself; it becomes `schema`.
    const codes = new Set(made.filter((code) => code !== 'custom'));
    expect(new Set(listed)).toEqual(codes);
    expect(listed).toHaveLength(codes.size);
  });
});

describe('an error', () => {
  it('fills its text from the details and keeps its cause', () => {
    const cause = new Error('connect ECONNREFUSED');
    const error = new SignalboxError('log-unavailable', { why: 'no answer' }, { cause });
    expect(error).toMatchObject({ message: 'The input log cannot be reached: no answer.', status: 503, cause });
  });

  it('says so where a detail is missing, and writes what is no text as JSON', () => {
    expect(new SignalboxError('too-many-attempts', { seconds: 4 }).message).toContain('try again in 4 s');
    expect(new SignalboxError('not-found').message).toBe('There is no unknown here.');
  });
});
