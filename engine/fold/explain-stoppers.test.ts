// Explanations of what kept a rule, or what it does once, back: pauses, parkings, cooldowns; now and at recorded moments.
import { beforeEach, describe, expect, it } from 'vitest';

import { START } from '../../test/fold-run.ts';
import { RecordedRun } from '../../test/recorded-run.ts';
import type { Explanation } from '../model/explanation.ts';
import { explainPast } from './explain-past.ts';

const BIN = 'urn:ngsi-ld:WasteContainer:B1';
const bin = {
  id: BIN,
  type: 'WasteContainer',
  title: 'Bin 1',
  department: 'waste',
  reports: { fillingLevel: { every: '1 h' } },
};
const tell = {
  id: 'waste/tell',
  title: 'Tell',
  scope: { type: 'WasteContainer' },
  conditions: { fact: 'fillingLevel', operator: 'greaterThan', value: 0.8 },
  actions: [{ notify: { to: 'duty', text: 'Full' } }],
};
const SECOND_MS = 1_000;

let city: RecordedRun;

beforeEach(async () => {
  city = new RecordedRun();
  await city.store('asset', bin);
});

const ask = (second: number): Promise<Explanation> =>
  explainPast(city.past, { rule: tell.id, asset: BIN, at: START + second * SECOND_MS });
const askNow = (): Promise<Explanation> =>
  explainPast(city.past, { rule: tell.id, asset: BIN, at: city.run.now, live: city.live() });

async function fill(level: number): Promise<void> {
  await city.run.reading(BIN, 'fillingLevel', level);
  await city.record();
}

async function pass(seconds: number): Promise<void> {
  await city.run.pass(seconds);
  await city.record();
}

async function request(
  by: string,
  asked: { do: 'pause-rule'; seconds: number } | { do: 'resume-rule' },
): Promise<void> {
  await city.run.put({
    kind: 'request',
    id: `${by}-${city.run.now}`,
    actor: { kind: 'person', id: by, roles: { waste: ['operator'] } },
    department: 'waste',
    request: { ...asked, rule: tell.id, reason: 'roadworks' },
  });
  await city.record();
}

describe('a pause', () => {
  beforeEach(async () => {
    await city.store('rule', { ...tell, for: '20 s' });
    await fill(0.9);
    await pass(10);
    await request('ann', { do: 'pause-rule', seconds: 60 });
  });

  const paused = {
    fired: false,
    reason: 'paused',
    since: START + 10 * SECOND_MS,
    until: START + 70 * SECOND_MS,
    sentence: expect.stringContaining('ann: roadworks'),
  };

  it('is the answer while it lasts, live and from the record, and not before', async () => {
    await pass(20);
    expect(await askNow()).toMatchObject(paused);
    expect(await ask(30)).toMatchObject(paused);
    expect(await ask(9)).toMatchObject({ reason: 'counting', since: START });
  });

  it('is over when its time is up: what counted before it counts anew', async () => {
    await pass(65);
    expect(await ask(69)).toMatchObject({ reason: 'paused' });
    expect(await ask(75)).toMatchObject({ reason: 'counting', since: START + 70 * SECOND_MS });
    await pass(20);
    expect(await ask(95)).toMatchObject({ fired: true, reason: 'active', since: START + 90 * SECOND_MS });
  });

  it('is over when a person ends it, and another one takes its place', async () => {
    await pass(10);
    await request('bob', { do: 'pause-rule', seconds: 100 });
    await pass(5);
    await request('bob', { do: 'resume-rule' });
    await pass(5);
    expect(await ask(15)).toMatchObject({ sentence: expect.stringContaining('ann') });
    expect(await ask(22)).toMatchObject({ reason: 'paused', sentence: expect.stringContaining('bob') });
    expect(await ask(28)).toMatchObject({ reason: 'counting', since: START + 25 * SECOND_MS });
  });
});

it('a parking is the answer until a new version comes into force', async () => {
  await city.store('rule', { ...tell, for: '20 s' });
  await fill(0.9);
  await pass(10);
  await city.run.put({ kind: 'park', rule: tell.id, version: 1, why: 'it took 80 ms' });
  await pass(10);
  expect(await askNow()).toMatchObject({ reason: 'parked', sentence: expect.stringContaining('it took 80 ms') });
  await city.store('rule', { ...tell, for: '30 s' });
  await pass(10);
  expect(await ask(15)).toMatchObject({ fired: false, reason: 'parked', since: START + 10 * SECOND_MS });
  expect(await ask(25)).toMatchObject({ reason: 'counting', version: 2, since: START + 20 * SECOND_MS });
});

describe('what a rule does once, kept back', () => {
  it('by its cooldown', async () => {
    await city.store('rule', { ...tell, cooldown: '10 min' });
    await fill(0.9);
    await pass(5);
    expect(await askNow()).toMatchObject({ reason: 'active' });
    await fill(0.1);
    await pass(5);
    await fill(0.9);
    await pass(5);
    const withheld = {
      fired: true,
      reason: 'cooldown',
      path: '/cooldown',
      since: START + 10 * SECOND_MS,
      until: START + 600 * SECOND_MS,
      sentence:
        'It has been active since 2026-11-22T10:00:10.000Z; its orders and messages were kept back: it was cooling down until 2026-11-22T10:10:00.000Z',
    };
    expect(await askNow()).toMatchObject(withheld);
    expect(await ask(12)).toMatchObject(withheld);
    expect(await ask(2)).toMatchObject({ reason: 'active' });
  });

  it('by how often it may within an hour', async () => {
    await city.store('rule', { ...tell, maxPerHour: 1 });
    for (const level of [0.9, 0.1, 0.9]) {
      await fill(level);
      await pass(60);
    }
    expect(await askNow()).toMatchObject({
      fired: true,
      reason: 'max-per-hour',
      path: '/maxPerHour',
      until: START + 3_600 * SECOND_MS,
    });
  });
});
