import { expect, it } from 'vitest';
import { LINK_BATCH_LIMIT, LINK_CREDIT, LINK_FRAME_BYTES, type FlowReading } from '../../engine/model/link.ts';
import { problem } from '../../engine/model/result.ts';
import { ReadingQueue } from './reading-queue.ts';

const reading = (id: string, value: FlowReading['value'] = 0.5): FlowReading => ({
  id,
  asset: 'urn:ngsi-ld:Detector:d1',
  property: 'occupancy',
  value,
  observedAt: 1_000,
  quality: 'good',
});
const many = (count: number, prefix = 'r'): FlowReading[] =>
  Array.from({ length: count }, (_, index) => reading(`${prefix}${index}`));
const refusal = problem('test', '', 'x', 'not this one');
const idsOf = (frame: string): string[] => JSON.parse(frame).readings.map((each: FlowReading) => each.id);

it('sends a single reading at once when nothing is under way', () => {
  const queue = new ReadingQueue();
  void queue.add([reading('a')]);
  expect(JSON.parse(queue.next()?.frame ?? '')).toEqual({ type: 'readings', seq: 0, readings: [reading('a')] });
  expect(queue.next()).toBeUndefined();
});

it('puts the readings of several calls into one batch and tells each call its own outcome', async () => {
  const queue = new ReadingQueue();
  const first = queue.add([reading('a'), reading('b')]);
  const second = queue.add([reading('c')]);
  const batch = queue.next();
  expect(idsOf(batch?.frame ?? '')).toEqual(['a', 'b', 'c']);
  queue.answer(batch?.seq ?? -1, [{ index: 1, problem: refusal }]);
  expect(await first).toEqual({ accepted: 1, refused: [{ index: 1, problem: refusal }] });
  expect(await second).toEqual({ accepted: 1, refused: [] });
});

it('splits a call that is larger than a batch and resolves it when all batches are answered', async () => {
  const queue = new ReadingQueue();
  const whole = queue.add(many(LINK_BATCH_LIMIT + 2));
  const batches = [queue.next(), queue.next()];
  expect(batches.map((batch) => idsOf(batch?.frame ?? '').length)).toEqual([LINK_BATCH_LIMIT, 2]);
  queue.answer(1, [{ index: 1, problem: refusal }]);
  queue.answer(0, [{ index: 7, problem: refusal }]);
  expect(await whole).toEqual({
    accepted: LINK_BATCH_LIMIT,
    refused: [
      { index: 7, problem: refusal },
      { index: LINK_BATCH_LIMIT + 1, problem: refusal },
    ],
  });
});

it('holds small batches back while four are under way, and lets full ones go', () => {
  const queue = new ReadingQueue();
  for (const id of ['a', 'b', 'c', 'd']) {
    void queue.add([reading(id)]);
    expect(queue.next()).toBeDefined();
  }
  void queue.add([reading('e')]);
  expect(queue.next()).toBeUndefined();
  void queue.add(many(LINK_BATCH_LIMIT));
  expect(idsOf(queue.next()?.frame ?? '')).toHaveLength(LINK_BATCH_LIMIT);
  expect(queue.next()).toBeUndefined();
  queue.answer(0, []);
  queue.answer(1, []);
  expect(idsOf(queue.next()?.frame ?? '')).toEqual([`r${LINK_BATCH_LIMIT - 1}`]);
});

it('never has more readings under way than the credit', () => {
  const queue = new ReadingQueue();
  void queue.add(many(LINK_CREDIT + 10));
  let sent = 0;
  for (let batch = queue.next(); batch; batch = queue.next()) sent += idsOf(batch.frame).length;
  expect(sent).toBe(LINK_CREDIT);
  expect(queue.figures()).toMatchObject({ underWay: LINK_CREDIT, waiting: 10 });
  for (let seq = 0; seq < LINK_CREDIT / LINK_BATCH_LIMIT; seq += 1) queue.answer(seq, []);
  expect(idsOf(queue.next()?.frame ?? '')).toHaveLength(10);
});

it('gives up the oldest waiting readings beyond the limit, says so, and counts them', async () => {
  const queue = new ReadingQueue(3);
  const old = queue.add(many(2, 'old'));
  void queue.add(many(3, 'new'));
  expect((await old).refused.map(({ index, problem: { code } }) => [index, code])).toEqual([
    [0, 'link-full'],
    [1, 'link-full'],
  ]);
  expect(queue.figures()).toMatchObject({ waiting: 3, shed: 2 });
  expect(idsOf(queue.next()?.frame ?? '')).toEqual(['new0', 'new1', 'new2']);
});

it('ignores an answer that comes twice', async () => {
  const queue = new ReadingQueue();
  const outcome = queue.add([reading('a')]);
  queue.next();
  queue.answer(0, []);
  queue.answer(0, [{ index: 0, problem: refusal }]);
  expect(await outcome).toEqual({ accepted: 1, refused: [] });
  expect(queue.figures()).toEqual({ waiting: 0, underWay: 0, accepted: 1, refused: 0, shed: 0 });
});

it('keeps every frame below the limit of the wire, whatever the readings weigh', () => {
  const queue = new ReadingQueue();
  // A control character takes one character in a reading and six bytes on the wire.
  void queue.add(many(LINK_BATCH_LIMIT).map((each) => ({ ...each, value: '\u0001'.repeat(600) })));
  const sizes: number[] = [];
  for (let batch = queue.next(); batch; batch = queue.next()) sizes.push(Buffer.byteLength(batch.frame));
  expect(sizes).toHaveLength(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(LINK_FRAME_BYTES);
});

it('refuses a reading that fits no frame', async () => {
  const queue = new ReadingQueue();
  const outcome = await queue.add([reading('a', 'x'.repeat(LINK_FRAME_BYTES))]);
  expect(outcome.refused[0]?.problem.code).toBe('link-reading-size');
});

it('resolves a call without readings at once', async () => {
  expect(await new ReadingQueue().add([])).toEqual({ accepted: 0, refused: [] });
});

it('settles what waits and what is under way when it gives up', async () => {
  const queue = new ReadingQueue();
  const sent = queue.add([reading('a')]);
  queue.next();
  const waiting = queue.add([reading('b')]);
  queue.giveUp(refusal);
  expect(await Promise.all([sent, waiting])).toEqual([
    { accepted: 0, refused: [{ index: 0, problem: refusal }] },
    { accepted: 0, refused: [{ index: 0, problem: refusal }] },
  ]);
  expect(queue.unanswered()).toEqual([]);
});
