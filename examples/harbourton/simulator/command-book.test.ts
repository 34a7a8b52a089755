// The field contract's rules for taking a command: once, in order, in time, from the newest engine.
import { expect, test } from 'vitest';
import { fieldCommandSchema } from '../../../engine/model/field.ts';
import { numbersAfter } from '../../../engine/model/incarnation.ts';
import { CommandBook } from './command-book.ts';

const NOW = Date.UTC(2026, 10, 22, 10);

const command = (changes: Record<string, unknown> = {}) =>
  fieldCommandSchema.parse({
    commandId: 'urn:ngsi-ld:Streetlight:l1#level:5',
    asset: 'urn:ngsi-ld:Streetlight:l1',
    point: 'level',
    sequence: 5,
    fence: 2,
    issuedAt: new Date(NOW).toISOString(),
    notAfter: new Date(NOW + 10_000).toISOString(),
    want: { value: 0.8 },
    ...changes,
  });

/** A book in which command 5 of fence 2 was accepted. */
function bookWithFive(): CommandBook {
  const book = new CommandBook();
  expect(book.judge(command(), NOW)).toEqual({ do: 'apply' });
  book.answered(command(), { result: 'accepted' });
  return book;
}

test('a new command is to be applied', () => {
  expect(bookWithFive().judge(command({ commandId: 'next', sequence: 6 }), NOW)).toEqual({ do: 'apply' });
});

test('a repeat gets its earlier answer, even when it would have expired meanwhile', () => {
  const verdict = bookWithFive().judge(command(), NOW + 60_000);
  expect(verdict).toEqual({ do: 'answer', answer: { result: 'accepted' }, repeated: true });
});

test('a lower sequence than the last applied is outdated', () => {
  const verdict = bookWithFive().judge(command({ commandId: 'old', sequence: 4 }), NOW);
  expect(verdict).toMatchObject({ do: 'answer', answer: { result: 'outdated' }, repeated: false });
});

test('a refused command does not count as applied', () => {
  const book = new CommandBook();
  book.answered(command({ sequence: 9 }), { result: 'refused', reason: 'the door is open' });
  expect(book.judge(command({ commandId: 'earlier', sequence: 8 }), NOW)).toEqual({ do: 'apply' });
});

test('a lower fence than the last seen is outdated, however high its sequence', () => {
  const verdict = bookWithFive().judge(command({ commandId: 'deposed', sequence: 99, fence: 1 }), NOW);
  expect(verdict).toMatchObject({ answer: { result: 'outdated', reason: 'fence 1 is lower than 2' } });
});

test('a newer incarnation is higher, and what an earlier one sends after it is outdated', () => {
  const book = bookWithFive();
  const first = { sequence: numbersAfter(1) + 1, fence: numbersAfter(1) + 1 };
  const newer = command({ commandId: 'newer', ...first });
  expect(book.judge(newer, NOW)).toEqual({ do: 'apply' });
  book.answered(newer, { result: 'accepted' });
  const earlier = command({ commandId: 'earlier', sequence: 999, fence: 999 });
  expect(book.judge(earlier, NOW)).toMatchObject({ answer: { result: 'outdated' } });
});

test('sequences and fences are kept per point', () => {
  const other = command({ commandId: 'other', asset: 'urn:ngsi-ld:Streetlight:l2', sequence: 1, fence: 1 });
  expect(bookWithFive().judge(other, NOW)).toEqual({ do: 'apply' });
});

test('a command is applied at its last instant and expired after it', () => {
  const book = new CommandBook();
  expect(book.judge(command(), NOW + 10_000)).toEqual({ do: 'apply' });
  expect(book.judge(command(), NOW + 10_001)).toMatchObject({ answer: { result: 'expired' } });
});

test('forgets answers beyond the newest thousand, and catches those repeats by their sequence', () => {
  const book = bookWithFive();
  for (let sequence = 6; sequence < 1_100; sequence += 1)
    book.answered(command({ commandId: `c${sequence}`, sequence }), { result: 'accepted' });
  expect(book.judge(command(), NOW)).toMatchObject({ answer: { result: 'outdated' }, repeated: false });
});
