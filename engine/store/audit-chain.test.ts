// Whatever is done to one record of the book, the check finds it and names the place.
import { assert, constantFrom, jsonValue, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEFORE_FIRST, PRUNE_VERB, type AuditEntry, type AuditHead, type AuditRecord } from '../model/audit.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { ChainCheck, hashOf, headOf, sealEntries, type AuditBreak } from './audit-chain.ts';

const START = Date.UTC(2026, 10, 26, 3);

const entry = (number: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: START + number,
  actor: `person:p${number % 3}`,
  department: 'traffic',
  verb: 'edit-rule',
  subject: `rule traffic/r${number}`,
  before: number % 2 ? { level: number } : undefined,
  after: { level: number + 1, list: [true, null, 'ü'] },
  detail: { version: number },
  ...more,
});

const chainOf = (length: number, head = BEFORE_FIRST): AuditRecord[] =>
  sealEntries(
    Array.from({ length }, (_, index) => entry(index)),
    head,
  );

function check(records: readonly AuditRecord[], heads: AuditHead[] = [], isPart = false): AuditBreak | undefined {
  const chain = new ChainCheck({ heads, isPart });
  for (const record of records) {
    const found = chain.take(record);
    if (found) return found;
  }
  return chain.end();
}

const CHAIN = chainOf(40);
const HEAD = headOf(CHAIN, BEFORE_FIRST);

/** What a forger would seal anew. */
const entryOf = ({ reason, origin, at, actor, department, verb, subject, ...values }: AuditRecord): AuditEntry => ({
  at,
  actor,
  department,
  verb,
  subject,
  before: values.before,
  after: values.after,
  reason: reason ?? undefined,
  origin: origin ?? undefined,
  detail: values.detail,
});

/** What can be done to one record, from its index and a number to draw on. */
const DEEDS: Record<string, (records: AuditRecord[], index: number, draw: number) => void> = {
  'one member changed': (records, index, draw) => {
    const record = records[index]!;
    const changes: Partial<AuditRecord>[] = [
      { at: record.at + 1 + draw },
      { actor: `${record.actor}x` },
      { department: 'waste' },
      { verb: 'override' },
      { subject: `${record.subject} ` },
      { before: { level: -1 - draw } },
      { after: null },
      { reason: '' },
      { origin: '10.0.0.1' },
      { detail: { version: -1 - draw } },
      { previous: hashOf(record) },
      { hash: record.previous },
      { sequence: record.sequence + 1 + draw },
    ];
    records[index] = { ...record, ...changes[draw % changes.length] };
  },
  'changed, and its hash made to fit': (records, index, draw) => {
    const changed = { ...records[index]!, actor: `person:${draw}x` };
    records[index] = { ...changed, hash: hashOf(changed) };
  },
  'changed, and everything after it sealed anew': (records, index, draw) => {
    const before = headOf(records.slice(0, index), BEFORE_FIRST);
    const rest = records
      .slice(index)
      .map((record, place) => (place === 0 ? { ...entryOf(record), after: { forged: draw } } : entryOf(record)));
    records.splice(index, rest.length, ...sealEntries(rest, before));
  },
  dropped: (records, index) => void records.splice(index, 1),
  'swapped with another': (records, index, draw) => {
    const other = (index + 1 + (draw % (records.length - 1))) % records.length;
    [records[index], records[other]] = [records[other]!, records[index]!];
  },
  'swapped with another, numbers kept': (records, index, draw) => {
    const other = (index + 1 + (draw % (records.length - 1))) % records.length;
    const [one, two] = [records[index]!, records[other]!];
    records[index] = { ...two, sequence: one.sequence };
    records[other] = { ...one, sequence: two.sequence };
  },
  'put in twice': (records, index) => void records.splice(index, 0, records[index]!),
  'another put in': (records, index, draw) => {
    const before = headOf(records.slice(0, index), BEFORE_FIRST);
    records.splice(index, 0, ...sealEntries([entry(draw)], before));
  },
  'cut off behind it': (records, index) => void records.splice(index),
  'cut off before it': (records, index) => void records.splice(0, index + 1),
};

/** Deeds that are noticed at the very record. */
const SHOWN_IN_PLACE = new Set(['one member changed', 'dropped', 'cut off behind it']);

describe('the chain', () => {
  it('has no break as it was sealed, in one go or in many', () => {
    expect(check(CHAIN, [HEAD])).toBeUndefined();
    const halves = chainOf(20);
    halves.push(
      ...sealEntries(
        Array.from({ length: 20 }, (_, index) => entry(20 + index)),
        headOf(halves, BEFORE_FIRST),
      ),
    );
    expect(halves).toEqual(CHAIN);
    expect(check([], [])).toBeUndefined();
  });

  it('shows each of 1,000 random deeds done to one record, at the right place', () => {
    const done = new Map<string, number>();
    assert(
      property(constantFrom(...Object.keys(DEEDS)), nat(CHAIN.length - 1), nat(100), (name, index, draw) => {
        const records = [...CHAIN];
        DEEDS[name]!(records, index, draw);
        const found = check(records, [HEAD]);
        // A record whose own hash fits is noticed by the next one; a chain sealed anew by the head alone.
        const isShown = found !== undefined && (!SHOWN_IN_PLACE.has(name) || found.sequence === index + 1);
        expect(isShown, `${name}, record ${index + 1}: ${JSON.stringify(found)}`).toBe(true);
        done.set(name, (done.get(name) ?? 0) + 1);
      }),
      { numRuns: 1_000, seed: 6 },
    );
    expect([...done.keys()].toSorted()).toEqual(Object.keys(DEEDS).toSorted());
  });

  it('does not show a missing end without a head, and says so with one', () => {
    expect(check(CHAIN.slice(0, 30))).toBeUndefined();
    expect(check(CHAIN.slice(0, 30), [{ ...HEAD, at: START }])).toEqual({
      sequence: 31,
      why: 'the chain ends with record 30, and went up to 40 on 2026-11-26T03:00:00.000Z',
    });
    expect(check([], [HEAD])).toMatchObject({ sequence: 1 });
  });

  it('may begin later only where a record says that what was before is pruned', () => {
    const tenth = CHAIN[9]!;
    const pruning = entry(40, { verb: PRUNE_VERB, after: { through: 10, hash: tenth.hash, records: 10 } });
    const rest = CHAIN.slice(10);
    expect(check(rest)).toMatchObject({ sequence: 1, why: expect.stringContaining('records 1 to 10 are missing') });
    const pruned = [...rest, ...sealEntries([pruning], HEAD)];
    // Heads of records that are gone cannot be compared any more, but for the last of them.
    expect(check(pruned, [headOf(CHAIN.slice(0, 5), BEFORE_FIRST), tenth])).toBeUndefined();
    expect(check(pruned, [{ sequence: 10, hash: HEAD.hash }])).toMatchObject({ sequence: 11 });
    expect(check(pruned.slice(1))).toMatchObject({ sequence: 1 });
  });

  it('of which only a part is shown is judged by that part', () => {
    expect(check(CHAIN.slice(5, 9), [HEAD], true)).toBeUndefined();
    expect(check([...CHAIN.slice(5, 7), ...CHAIN.slice(8, 9)], [], true)).toMatchObject({ sequence: 8 });
  });
});

describe('canonical JSON', () => {
  it('is one text for one value, whatever the order in which its keys were written', () => {
    expect(canonicalJson({ b: [1e21, -0, 0.1], a: { ö: 'ü\u0000', Z: null } })).toBe(
      '{"a":{"Z":null,"ö":"ü\\u0000"},"b":[1e+21,0,0.1]}',
    );
    assert(
      property(jsonValue(), (value) => {
        const again: unknown = JSON.parse(canonicalJson(value));
        expect(canonicalJson(again)).toBe(canonicalJson(value));
        expect(again).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
