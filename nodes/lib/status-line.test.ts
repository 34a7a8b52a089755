import { expect, it } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import type { Status } from './red.ts';
import { StatusLine, timeOfDay } from './status-line.ts';

function line() {
  const clock = new ManualClock();
  const written: (string | undefined)[] = [];
  const status = new StatusLine({ status: ({ text }: Status) => written.push(text) }, clock);
  return { clock, written, show: (text: string) => status.show({ text }), stop: () => status.stop() };
}

it('writes the first status at once, and the newest of many a quarter of a second later', () => {
  const { clock, written, show } = line();
  for (const text of ['1', '2', '3']) show(text);
  expect(written).toEqual(['1']);
  clock.advance(249);
  expect(written).toEqual(['1']);
  clock.advance(1);
  expect(written).toEqual(['1', '3']);
  clock.advance(250);
  show('4');
  expect(written).toEqual(['1', '3', '4']);
});

it('writes nothing any more once it is stopped, and leaves no timer', () => {
  const { clock, written, show, stop } = line();
  show('1');
  show('2');
  stop();
  stop();
  show('3');
  clock.advance(1_000);
  expect([written, clock.waiting]).toEqual([['1'], 0]);
});

it('shows the time of day', () => {
  expect(timeOfDay(new Date(2026, 10, 22, 14, 2, 11).getTime())).toBe('14:02:11');
});
