import { beforeEach, describe, expect, it } from 'vitest';

import { decisionsIn, FoldRun } from '../../test/fold-run.ts';
import type { RuleHalt } from '../model/live.ts';
import { ruleSchema } from '../model/rule.ts';
import { Fold } from './fold.ts';
import type { Output } from './ports.ts';
import type { SlownessWatch } from './slowness.ts';
import { updateCells } from './tables.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:pier-3';
const bin = {
  id: BIN,
  type: 'WasteContainer',
  title: 'Pier 3',
  department: 'waste',
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'pier-3' },
};
const press = {
  id: 'waste/press',
  title: 'Press',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.7 },
  actions: [{ point: 'compaction', set: 'compacting' }],
};
const shut = { ...press, id: 'waste/shut', actions: [{ point: 'compaction', set: 'idle', slot: 10 }] };

let run: FoldRun;
beforeEach(async () => {
  run = new FoldRun();
  await run.asset(bin);
  await run.rule(press);
  await run.rule(shut);
});

const told = (outputs: readonly Output[]) => decisionsIn(outputs).map(({ kind, rule }) => `${kind} ${rule}`);
const once = (outputs: readonly Output[]) =>
  outputs.flatMap(({ kind }) => (kind === 'message' || kind === 'order' ? [kind] : []));
const haltsIn = (outputs: readonly Output[]): RuleHalt[] =>
  outputs.flatMap((output) => (output.kind === 'live' && output.event.event === 'halt' ? [output.event.data] : []));

const ask = (what: 'pause' | 'resume', roles: Record<string, ('operator' | 'rule-author' | 'viewer')[]>) => {
  const rule = press.id;
  const reason = 'roadworks';
  return run.put({
    kind: 'request',
    id: 'r',
    actor: { kind: 'person', id: 'ann', roles },
    department: 'waste',
    request: what === 'pause' ? { do: 'pause-rule', rule, seconds: 600, reason } : { do: 'resume-rule', rule, reason },
  });
};

function restart(): void {
  const cells = new Map<string, string>();
  updateCells(cells, run.fold.drain());
  const { lastId } = run.fold;
  run.fold = run.newFold();
  run.fold.restore(lastId, cells);
}

describe('a rule that a person pauses', () => {
  it('ends its claims at once, does not start meanwhile, and goes on when the pause is over, also after a restart', async () => {
    await run.reading(BIN, 'fillingLevel', 0.9);
    const outputs = await ask('pause', { waste: ['rule-author'] });
    expect(decisionsIn(outputs)).toMatchObject([
      {
        kind: 'ended',
        rule: press.id,
        reason: expect.stringContaining('paused by ann until 2026-11-22T10:10'),
        claims: [expect.anything()],
      },
    ]);
    expect(haltsIn(outputs)).toMatchObject([{ rule: press.id, paused: { by: 'ann', why: 'roadworks' } }]);
    await run.reading(BIN, 'fillingLevel', 0.1);
    restart();
    expect(told(await run.reading(BIN, 'fillingLevel', 0.9))).toEqual(['started waste/shut']);
    expect(told(await run.pass(599))).toEqual([]);
    const over = await run.pass(1);
    expect(told(over)).toEqual(['started waste/press']);
    expect(haltsIn(over)).toEqual([{ rule: press.id, department: 'waste' }]);
  });

  it('goes on when a person says so, and is paused by nobody who may not', async () => {
    await run.reading(BIN, 'fillingLevel', 0.9);
    expect(told(await ask('pause', { waste: ['viewer'], traffic: ['operator'] }))).toEqual([]);
    await ask('pause', { waste: ['operator'] });
    expect(told(await ask('resume', { waste: ['viewer'] }))).toEqual([]);
    expect(told(await ask('resume', { waste: ['operator'] }))).toEqual(['started waste/press']);
  });

  it('begins anew after its pause: counts its "for", and says again what it says once, as far as its cooldown lets it', async () => {
    const notify = { notify: { to: 'duty', text: 'Full' } };
    const order = { order: 'collection' };
    await run.rule({ ...press, for: '10 s', cooldown: '15 min', actions: [notify, order] }, 2);
    await run.reading(BIN, 'fillingLevel', 0.9);
    expect(once(await run.pass(10))).toEqual(['message', 'order']);
    await ask('pause', { waste: ['operator'] });
    expect(told(await run.pass(609))).toEqual([]);
    const withheld = await run.pass(1);
    expect([told(withheld), once(withheld)]).toEqual([['started waste/press'], []]);
    await ask('pause', { waste: ['operator'] });
    await ask('resume', { waste: ['operator'] });
    await run.pass(5);
    await ask('pause', { waste: ['operator'] });
    const after = await run.pass(610);
    expect([told(after), once(after)]).toEqual([['started waste/press'], ['message']]);
  });

  it('stays paused under a new version', async () => {
    await run.reading(BIN, 'fillingLevel', 0.9);
    await ask('pause', { waste: ['operator'] });
    expect(told(await run.rule(press, 2))).toEqual([]);
  });
});

describe('a rule that throws', () => {
  /** No schema would let it in. */
  const broken = { ...ruleSchema.parse(press), for: 'for ever', actions: [] };
  const put = () => run.put({ kind: 'document', document: { of: 'rule', id: press.id, version: 2, body: broken } });

  it('is parked with an alarm, the others go on, and a new version may try again', async () => {
    await put();
    const outputs = await run.reading(BIN, 'fillingLevel', 0.9);
    expect(told(outputs)).toEqual(['started waste/shut']);
    expect(haltsIn(outputs)).toMatchObject([{ rule: press.id, parked: { why: expect.stringContaining('it threw') } }]);
    const failures = run.failures.length;
    restart();
    await run.reading(BIN, 'fillingLevel', 0.1);
    await run.reading(BIN, 'fillingLevel', 0.9);
    expect(run.failures).toHaveLength(failures);
    expect(told(await run.rule(press, 3))).toEqual(['started waste/press']);
  });
});

/** Runs the log again, measured by a clock that moves by these steps with each look at it. */
async function measured(stepsMs: number[]): Promise<Parameters<SlownessWatch['onSlow']>[0][]> {
  await run.reading(BIN, 'fillingLevel', 0.9);
  const slow: Parameters<SlownessWatch['onSlow']>[0][] = [];
  let at = 0;
  const cpuMs = (): number => (at += stepsMs.shift() ?? 0);
  const fold = new Fold({}, undefined, { cpuMs, onSlow: (rule) => slow.push(rule) });
  for (const entry of run.entries) await fold.apply(entry);
  return slow;
}

describe('a rule that is too slow', () => {
  const parked = { kind: 'park' as const, rule: press.id, version: 1, why: 'it took 80 ms' };

  it('is parked by the log, ends at once, and goes on when a person says so', async () => {
    await run.reading(BIN, 'fillingLevel', 0.9);
    const outputs = await run.put(parked);
    expect(decisionsIn(outputs)).toMatchObject([{ kind: 'ended', rule: press.id, reason: 'parked: it took 80 ms' }]);
    expect(told(await run.put(parked))).toEqual([]);
    expect(told(await ask('resume', { waste: ['operator'] }))).toEqual(['started waste/press']);
  });

  it('is not parked for what an older version did', async () => {
    await run.rule(press, 2);
    await run.reading(BIN, 'fillingLevel', 0.9);
    expect(told(await run.put(parked))).toEqual([]);
  });

  it('is told of when a second look is as slow, and not when the machine was', async () => {
    const why = `it took 60 ms for ${BIN}; allowed are 50 ms`;
    expect(await measured([0, 80, 60])).toEqual([{ rule: press.id, version: 1, why }]);
    expect(await measured([0, 80, 10])).toEqual([]);
    expect(await measured([0, 40])).toEqual([]);
  });
});
