// Interlocks judged where it counts, at the device: the fold's commands through the worker's own check, late, twice and out
// of order, while doors open, sensors fall silent and people want everything.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { START } from '../../test/fold-run.ts';
import { InterlockIndex } from '../control/interlocks.ts';
import type { InterlockFact, Output } from '../fold/ports.ts';
import { TrialRun } from '../fold/trial-run.ts';
import { assetSchema, pointsOf } from '../model/asset.ts';
import { toIso } from '../model/clock.ts';
import type { Command } from '../model/command.ts';
import { reportSchema } from '../model/field.ts';
import { interlockSchema } from '../model/interlock.ts';
import { pointKey } from '../model/names.ts';
import type { Value } from '../model/value.ts';
import { evaluateObserved } from '../rules/evaluate-observed.ts';
import { FactInterlockCheck } from './interlock-check.ts';

const SEQUENCES = 100_000;
/** Of one sequence; the next one goes on with the same container. */
const STEPS = 4;

const asset = assetSchema.parse({
  id: 'urn:ngsi-ld:WasteContainer:a',
  type: 'WasteContainer',
  title: 'A',
  department: 'waste',
  reports: { door: { every: '4 s' }, status: { every: '4 s' } },
  points: { compaction: {} },
  binding: { adapter: 'mqtt', device: 'a' },
});
const KEY = pointKey(asset.id, 'compaction');
const compaction = pointsOf(asset)['compaction']!;
const UNSAFE = ['moved', 'burning'];
const interlocks = [
  interlockSchema.parse({
    id: 'waste/press',
    title: 'In its place and not burning, throughout',
    kind: 'invariant',
    scope: { type: 'WasteContainer' },
    point: 'compaction',
    values: ['compacting'],
    requires: { fact: 'status', operator: 'notIn', value: UNSAFE },
  }),
  interlockSchema.parse({
    id: 'waste/start',
    title: 'It starts only behind a closed door',
    kind: 'permissive',
    scope: { type: 'WasteContainer' },
    point: 'compaction',
    values: ['compacting'],
    requires: { fact: 'door', operator: 'equal', value: 'closed' },
  }),
];

type Step =
  | { observe: 'door' | 'status'; value: string }
  | { pass: number }
  | { want: 'compacting' | 'idle' | null }
  | { deliver: number; twice: boolean };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ observe: fc.constant('door' as const), value: fc.constantFrom('open', 'closed', 'closed') }),
  fc.record({ observe: fc.constant('status' as const), value: fc.constantFrom('ok', 'ok', 'moved', 'burning') }),
  fc.record({ pass: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ want: fc.constantFrom('compacting' as const, 'compacting' as const, 'idle' as const, null) }),
  fc.record({ deliver: fc.nat(3), twice: fc.boolean() }),
);

/** One container with its engine, its worker's check and its wire; a sequence begins where the last one ended. */
class Yard extends TrialRun {
  device: Value = 'idle';
  readonly seen = { starts: 0, refused: 0, stopped: 0, violations: [] as string[] };
  readonly #truth: Record<string, { value: string; at: number }> = {};
  readonly #facts: Record<string, InterlockFact> = {};
  readonly #check: FactInterlockCheck;
  #onTheWay: Command[] = [];
  #reports = 0;

  constructor(isChecked: boolean) {
    super(START);
    const index = new InterlockIndex();
    for (const one of isChecked ? interlocks : []) index.put(one.id, one);
    this.#check = new FactInterlockCheck({
      facts: async () => ({ facts: this.#facts, now: this.now }),
      documents: {
        asset: () => asset,
        pointOf: () => compaction,
        interlocksFor: () => index.for(asset, 'compaction'),
      },
      evaluate: evaluateObserved,
    });
  }

  async begin(): Promise<void> {
    await this.put({ kind: 'document', document: { of: 'asset', id: asset.id, version: 1, body: asset } });
    for (const body of interlocks)
      await this.put({ kind: 'document', document: { of: 'interlock', id: body.id, version: 1, body } });
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const one of steps) await this.#step(one);
    // Whatever is under way arrives; then nothing may move that must not.
    while (this.#onTheWay.length > 0) await this.#deliver(1, false);
    if (this.device === 'compacting' && !this.#isKnown('status', (value) => !UNSAFE.includes(value)))
      this.seen.violations.push(`it goes on: ${JSON.stringify(steps)}`);
  }

  async #step(one: Step): Promise<void> {
    if ('pass' in one) this.#collect(await this.passTo(this.now + one.pass * 1_000));
    else if ('observe' in one) {
      this.#truth[one.observe] = { value: one.value, at: this.now };
      await this.#report({ readings: { [one.observe]: one.value } });
    } else if ('want' in one) await this.#want(one.want);
    else await this.#deliver(one.deliver, one.twice);
  }

  async #want(value: 'compacting' | 'idle' | null): Promise<void> {
    const base = { point: KEY, key: '', reason: 'test' };
    const request =
      value === null
        ? ({ do: 'release', ...base } as const)
        : ({ do: 'claim', ...base, effect: 'set', value, slot: 2, rampSeconds: 0, leaseSeconds: 60 } as const);
    const actor = { kind: 'person' as const, id: 'ann', roles: {} };
    this.#collect(await this.put({ kind: 'request', id: 'r', actor, department: 'waste', request }));
  }

  /** The newest first, and some of them twice: nothing but the checks may matter. */
  async #deliver(count: number, twice: boolean): Promise<void> {
    for (let left = count; left > 0 && this.#onTheWay.length > 0; left -= 1) {
      const command = twice ? this.#onTheWay.at(-1)! : this.#onTheWay.pop()!;
      const { commandId } = command;
      const passage = await this.#check.mayMove(command);
      const state = passage.allowed ? ('sent' as const) : ('refused' as const);
      this.#collect(await this.put({ kind: 'progress', commandId, state }));
      if (passage.allowed) await this.#obey(command);
      else this.seen.refused += 1;
    }
  }

  async #obey({ want, commandId }: Command): Promise<void> {
    const value = 'value' in want ? want.value : 'idle';
    const isSafe =
      this.#isKnown('door', (door) => door === 'closed') && this.#isKnown('status', (one) => !UNSAFE.includes(one));
    if (value === 'compacting' && this.device !== 'compacting') {
      this.seen.starts += 1;
      if (!isSafe) this.seen.violations.push(`it starts: ${JSON.stringify(this.#truth)} at ${this.now}`);
    }
    if (this.device === 'compacting' && value === 'idle' && !isSafe) this.seen.stopped += 1;
    this.device = value;
    await this.#report({ points: { compaction: { value, cause: 'command', commandId } } });
  }

  #isKnown(property: string, isGood: (value: string) => boolean): boolean {
    const known = this.#truth[property];
    return known !== undefined && this.now < known.at + 12_000 && isGood(known.value);
  }

  async #report(body: { readings?: Record<string, string>; points?: Record<string, object> }): Promise<void> {
    const id = `p${(this.#reports += 1)}`;
    const report = reportSchema.parse({ id, asset: asset.id, observedAt: toIso(this.now), ...body });
    this.#collect(await this.put({ kind: 'report', department: 'waste', device: 'a', report }));
  }

  #collect(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind === 'interlock-facts') Object.assign(this.#facts, output.facts);
      if (output.kind === 'command') this.#onTheWay.push(output.command);
    }
  }
}

async function playAll(isChecked: boolean, sequences: number): Promise<Yard> {
  const yard = new Yard(isChecked);
  await yard.begin();
  const sequence = fc.array(step, { minLength: STEPS, maxLength: STEPS });
  for (const steps of fc.sample(sequence, { numRuns: sequences, seed: 7 })) await yard.play(steps);
  return yard;
}

it(
  'no device starts, or goes on, against an interlock in 100,000 random command sequences',
  { timeout: 300_000 },
  async () => {
    const yard = await playAll(true, SEQUENCES);
    expect(yard.failures).toEqual([]);
    expect(yard.seen.violations).toEqual([]);
    expect(yard.seen.starts).toBeGreaterThan(SEQUENCES / 20);
    expect(yard.seen.refused).toBeGreaterThan(SEQUENCES / 20);
    expect(yard.seen.stopped).toBeGreaterThan(SEQUENCES / 100);
  },
);

it('would start against them if the worker did not ask: the fold alone cannot know what happens on the way', async () => {
  const yard = await playAll(false, 1_000);
  expect(yard.seen.violations.length).toBeGreaterThan(10);
});
