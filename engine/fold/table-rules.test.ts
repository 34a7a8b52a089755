// Rules with a decision table, folded: which row holds what, and that one row's end is another's beginning.
import { expect, test } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:l1';
const STEPS = {
  id: 'lighting/steps',
  title: 'Brightness by traffic',
  scope: { type: 'Streetlight' },
  table: {
    hit: 'first',
    columns: [{ fact: 'intensity', operator: 'greaterThan' }],
    rows: [
      { title: 'busy', when: [600], then: { level: 1 } },
      { title: 'some', when: [100], then: { level: 0.7 } },
      { title: 'quiet', when: [null], then: [0] },
    ],
  },
  actions: [{ point: 'level', set: 0.4 }],
};

async function lampUnder(rule: unknown): Promise<FoldRun> {
  const run = new FoldRun();
  await run.asset({
    id: LAMP,
    type: 'Streetlight',
    title: 'Lamp 1',
    department: 'lighting',
    points: { level: {} },
    reports: { intensity: { every: '10 s' } },
    binding: { adapter: 'mqtt', device: 'cabinet' },
  });
  await run.rule(rule);
  return run;
}

/** What is wanted of the lamp after each reading. */
async function levelsAfter(run: FoldRun, intensities: number[]): Promise<unknown[]> {
  const levels: unknown[] = [];
  for (const intensity of intensities) {
    const outputs = await run.reading(LAMP, 'intensity', intensity);
    levels.push(...outputs.flatMap((output) => (output.kind === 'command' ? [output.command.want] : [])));
  }
  return levels;
}

test('the first row that applies holds the point, and hands it over without a release between', async () => {
  const run = await lampUnder(STEPS);
  const levels = await levelsAfter(run, [800, 200, 50, 900]);
  expect(levels).toEqual([1, 0.7, 0.4, 1].map((value) => ({ value, rampSeconds: 0 })));
  expect(run.fold.counts.disagreements).toBe(0);
});

test('a silent sensor ends every row, the "otherwise" too', async () => {
  const run = await lampUnder(STEPS);
  await levelsAfter(run, [50]);
  const ended = decisionsIn(await run.pass(60)).filter(({ kind }) => kind === 'ended');
  expect(ended).toMatchObject([{ rule: 'lighting/steps', row: 3, reason: 'a fact became unknown' }]);
});

test('decisions name the document, its row and the row’s title; every one has an id of its own', async () => {
  const rows = [{ when: [600] }, { title: 'some', when: [100] }];
  const run = await lampUnder({ ...STEPS, table: { ...STEPS.table, hit: 'collect', rows } });
  await levelsAfter(run, [800, 50]);
  const decisions = decisionsIn(run.outputs);
  expect(decisions.map(({ kind, rule, row, title }) => [kind, rule, row, title])).toEqual([
    ['started', 'lighting/steps', 1, 'Brightness by traffic: row 1'],
    ['started', 'lighting/steps', 2, 'Brightness by traffic: some'],
    ['ended', 'lighting/steps', 1, 'Brightness by traffic: row 1'],
    ['ended', 'lighting/steps', 2, 'Brightness by traffic: some'],
  ]);
  expect(new Set(decisions.map(({ decisionId }) => decisionId)).size).toBe(4);
});

test('a row that is gone in the next version ends; the one that stays goes on', async () => {
  const rows = [{ when: [600] }, { when: [100] }];
  const collect = { ...STEPS, table: { ...STEPS.table, hit: 'collect', rows } };
  const run = await lampUnder(collect);
  await levelsAfter(run, [800]);
  const outputs = await run.rule({ ...collect, table: { ...collect.table, rows: rows.slice(0, 1) } }, 2);
  expect(decisionsIn(outputs)).toMatchObject([{ kind: 'ended', rule: 'lighting/steps', row: 2 }]);
});
