// Values that need two people: who may ask, who may confirm, and that nobody gets there alone, whatever else is asked.
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';

import { commandsIn, FoldRun } from '../../test/fold-run.ts';
import { whyAlone } from '../control/two-people.ts';
import type { Actor, Role } from '../model/actor.ts';
import { pointsOf, type Asset } from '../model/asset.ts';
import { CONFIRM_WITHIN_MS, type Confirmation } from '../model/confirmation.ts';
import type { Request } from '../model/input.ts';
import type { Value } from '../model/value.ts';
import { updateCells } from './tables.ts';

const J1 = 'urn:ngsi-ld:TrafficController:J1';
const POINT = `${J1}#functionalPosition`;
const controller = {
  id: J1,
  type: 'TrafficController',
  title: 'J1',
  department: 'traffic',
  reports: { controlMode: { onChange: true, heartbeat: '20 s' } },
  points: { functionalPosition: {}, timePlan: {} },
  binding: { adapter: 'mqtt', device: 'J1' },
};
const rule = {
  id: 'traffic/flash',
  title: 'Flash',
  scope: { type: 'TrafficController' },
  conditions: { fact: 'controlMode', operator: 'equal', value: 'standby' },
  actions: [{ point: 'functionalPosition', set: 'YellowFlash' }],
};

let run: FoldRun;
let asset: Asset;
let asked = 0;
const begin = async (): Promise<void> => {
  run = new FoldRun();
  asset = await run.asset(controller);
};
beforeEach(begin);

const person = (id: string, role: Role = 'operator'): Actor => ({ kind: 'person', id, roles: { traffic: [role] } });
const [ann, ben] = [person('ann'), person('ben')];
/** Returns the id under which it may wait. */
async function ask(actor: Actor, request: Request): Promise<string> {
  const id = `q${(asked += 1)}`;
  await run.put({ kind: 'request', id, actor, department: 'traffic', request });
  return id;
}
const wish = (value: Value = 'YellowFlash', fields: object = {}): Extract<Request, { do: 'claim' }> => ({
  do: 'claim',
  point: POINT,
  effect: 'set',
  value,
  slot: 8,
  rampSeconds: 0,
  leaseSeconds: 3_600,
  key: '',
  reason: 'the lamps are wrong',
  ...fields,
});
const sent = (): Value[] => commandsIn(run.outputs).map(({ want }) => ('value' in want ? want.value : 'release'));
const waiting = (): Confirmation[] => {
  const open = new Map<string, Confirmation>();
  for (const output of run.outputs) {
    if (output.kind !== 'live') continue;
    const { event, data } = output.event;
    if (event === 'confirmation') open.set(data.id, data);
    if (event === 'gone' && data.kind === 'confirmation') open.delete(data.key);
  }
  return [...open.values()];
};

describe('a value that needs two people', () => {
  it('waits, and is sent once another person has confirmed it; the command names both', async () => {
    const id = await ask(ann, wish());
    expect([sent(), waiting()]).toMatchObject([
      [],
      [{ id, department: 'traffic', askedBy: 'ann', expiresAt: run.now + CONFIRM_WITHIN_MS }],
    ]);
    await run.pass(60);
    await ask(ben, { do: 'confirm', confirmation: id });
    expect([sent(), waiting()]).toEqual([['YellowFlash'], []]);
    const [command] = commandsIn(run.outputs);
    expect(command).toMatchObject({
      leaseUntil: run.now + 3_600_000,
      cause: { arbitration: { winner: { owner: 'operator ann', confirmedBy: 'ben' } } },
    });
  });

  it.each<[string, Actor]>([
    ['the one who asked', ann],
    ['somebody who may not override', person('vic', 'viewer')],
    ['an operator of another department', { kind: 'person', id: 'lou', roles: { lighting: ['operator'] } }],
    ['a flow', { kind: 'flow', id: 'traffic', roles: {} }],
    ['the system', { kind: 'system', id: 'engine', roles: {} }],
  ])('is not confirmed by %s', async (_, actor) => {
    const id = await ask(ann, wish());
    await ask(actor, { do: 'confirm', confirmation: id });
    expect([sent(), waiting().length]).toEqual([[], 1]);
  });

  it('is forgotten when nobody confirms in time, and cannot be confirmed then', async () => {
    const id = await ask(ann, wish());
    await run.pass(CONFIRM_WITHIN_MS / 1_000);
    expect(waiting()).toEqual([]);
    await ask(ben, { do: 'confirm', confirmation: id });
    expect(sent()).toEqual([]);
  });

  it('is declined by another, or taken back by the one who asked', async () => {
    const id = await ask(ann, wish());
    await ask(ben, { do: 'decline', confirmation: id, reason: 'the lamps are fine' });
    expect(waiting()).toEqual([]);
    await ask(ben, { do: 'confirm', confirmation: id });
    await ask(ann, wish());
    await ask(ann, { do: 'release', point: POINT, key: '', reason: 'a mistake' });
    expect([sent(), waiting()]).toEqual([[], []]);
  });

  it('gives way to the newer wish of the same person: what was confirmed is what is wanted', async () => {
    const first = await ask(ann, wish('Dark'));
    const second = await ask(ann, wish('YellowFlash'));
    await ask(ben, { do: 'confirm', confirmation: first });
    expect(sent()).toEqual([]);
    await ask(ben, { do: 'confirm', confirmation: second });
    expect(sent()).toEqual(['YellowFlash']);
  });

  it('is not prolonged alone: the lease ends although the first person asks again', async () => {
    await ask(ben, { do: 'confirm', confirmation: await ask(ann, wish('Dark', { leaseSeconds: 300 })) });
    await run.pass(200);
    await ask(ann, wish('Dark', { leaseSeconds: 300 }));
    await run.pass(101);
    expect([sent().includes('release'), sent().at(-1)]).toEqual([true, 'release']);
  });

  it('ends when one person alone gives it back, or wants the normal position', async () => {
    await ask(ben, { do: 'confirm', confirmation: await ask(ann, wish('Dark')) });
    await ask(ann, wish('NormalControl'));
    await ask(ann, { do: 'release', point: POINT, key: '', reason: 'over' });
    expect(sent()).toEqual(['Dark', 'NormalControl', 'release']);
  });

  it('is out of reach for rules, flows and bounds; the point says why', async () => {
    await run.rule(rule);
    await run.report(J1, { readings: { controlMode: 'standby' } });
    await ask({ kind: 'flow', id: 'traffic', roles: {} }, wish('Dark', { slot: 1 }));
    await ask(ann, wish('Dark', { effect: 'atMost', slot: 1 }));
    expect(sent()).toEqual([]);
    const refusals = run.outputs.flatMap((one) => (one.kind === 'decision' ? (one.decision.refusals ?? []) : []));
    expect(refusals).toEqual([`functionalPosition of ${J1} needs two people to be YellowFlash`]);
  });

  it('survives a restart while it waits, and expires all the same', async () => {
    await ask(ann, wish());
    const cells = new Map<string, string>();
    updateCells(cells, run.fold.drain());
    const { lastId } = run.fold;
    run.fold = run.newFold();
    run.fold.restore(lastId, cells);
    await run.pass(CONFIRM_WITHIN_MS / 1_000);
    expect(waiting()).toEqual([]);
  });

  it('is not waited for any more when the asset is gone', async () => {
    await ask(ann, wish());
    await run.put({ kind: 'document', document: { of: 'asset', id: J1, version: 2, body: null } });
    expect(waiting()).toEqual([]);
  });
});

const isAlone = (value: Value): boolean => value === 'YellowFlash' || value === 'Dark';

it('is reached by nobody alone, whatever one person, the flows and the clock do in whatever order', async () => {
  const actors = fc.constantFrom<Actor[]>(ann, { kind: 'flow', id: 'traffic', roles: {} });
  const step = fc.oneof(
    fc.record({
      actor: actors,
      value: fc.constantFrom('YellowFlash', 'Dark', 'NormalControl'),
      effect: fc.constantFrom('set', 'atLeast', 'atMost'),
      slot: fc.integer({ min: 1, max: 16 }),
      key: fc.constantFrom('', 'a'),
    }),
    fc.record({ actor: actors, confirm: fc.nat(3) }),
    fc.record({ mode: fc.constantFrom('standby', 'control') }),
    fc.record({ hand: fc.constantFrom('Dark', 'NormalControl') }),
    fc.record({ pass: fc.integer({ min: 1, max: 700 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await begin();
      await run.rule(rule);
      const ids: string[] = [];
      for (const one of steps) {
        if ('value' in one) {
          const { actor, ...fields } = one;
          ids.unshift(await ask(actor, wish(one.value, { ...fields, leaseSeconds: 500 })));
        } else if ('confirm' in one) await ask(one.actor, { do: 'confirm', confirmation: ids[one.confirm] ?? 'none' });
        else if ('mode' in one) await run.report(J1, { readings: { controlMode: one.mode } });
        else if ('hand' in one)
          await run.report(J1, { points: { functionalPosition: { value: one.hand, cause: 'local' } } });
        else await run.pass(one.pass);
      }
      expect(sent().filter(isAlone)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe('right before the wire', () => {
  it('a command for such a value passes only with two different people behind the very claim that shaped it', async () => {
    await ask(ben, { do: 'confirm', confirmation: await ask(ann, wish('Dark')) });
    const [command] = commandsIn(run.outputs);
    const point = pointsOf(asset)['functionalPosition']!;
    const winner = command!.cause.arbitration.winner!;
    const by = (fields: Partial<typeof winner>) =>
      whyAlone(
        { ...command!, cause: { arbitration: { ...command!.cause.arbitration, winner: { ...winner, ...fields } } } },
        point,
      );
    expect(whyAlone(command!, point)).toBeUndefined();
    const alone = 'Dark needs two people, and only one asks for it';
    expect(by({ confirmedBy: 'ann' })).toBe(alone);
    expect(by({ owner: 'flow traffic' })).toBe(alone);
    expect(by({ value: 'YellowFlash' })).toBe(alone);
    const { confirmedBy: _, ...unconfirmed } = winner;
    const arbitration = { ...command!.cause.arbitration, winner: unconfirmed };
    expect(whyAlone({ ...command!, cause: { arbitration } }, point)).toBe(alone);
    const { winner: __, ...nobody } = command!.cause.arbitration;
    expect(whyAlone({ ...command!, cause: { arbitration: nobody } }, point)).toBe(alone);
    expect(whyAlone({ ...command!, want: { release: true } }, point)).toBeUndefined();
  });
});

it('an asset may name more values that need two people, takes none away, and cannot make its safe value one', async () => {
  const fewer = await run.asset({ ...controller, points: { functionalPosition: { twoPeople: [] } } }, 2);
  expect(pointsOf(fewer)['functionalPosition']?.twoPeople).toEqual(['YellowFlash', 'Dark']);
  const more = { ...controller, points: { timePlan: { twoPeople: [9] }, functionalPosition: {} } };
  expect(pointsOf(await run.asset(more, 3))['timePlan']?.twoPeople).toEqual([9]);
  const unsafe = { ...controller, points: { functionalPosition: { safe: 'Dark' } } };
  await expect(run.asset(unsafe, 4)).rejects.toThrow(/within everybody’s reach/);
});
