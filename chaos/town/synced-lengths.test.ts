import { expect, it } from 'vitest';

import { syncedLengths } from './synced-lengths.ts';

const AOF = '/data/appendonlydir/appendonly.aof.1.incr.aof';
const lengthsOf = (lines: string[], before?: Map<string, number>) =>
  Object.fromEntries(syncedLengths(lines.join('\n'), before));

it('counts what was written before the last sync, and nothing after it', () => {
  const trace = [
    `29881 write(8<${AOF}>, ""..., 50) = 50`,
    `29881 fdatasync(8<${AOF}>) = 0`,
    `29881 write(8<${AOF}>, ""..., 27) = 27`,
    '29881 write(9<socket:[145355]>, ""..., 5) = 5',
    '29881 +++ killed by SIGKILL +++',
  ];
  expect(lengthsOf(trace)[AOF]).toBe(50);
});

it('goes on from the length that the file had', () => {
  const trace = [`1 write(8<${AOF}>, ""..., 10) = 10`, `1 fdatasync(8<${AOF}>) = 0`];
  expect(lengthsOf(trace, new Map([[AOF, 500]]))[AOF]).toBe(510);
});

it('keeps what was there before when nothing was synced since', () => {
  expect(lengthsOf([`1 write(8<${AOF}>, ""..., 10) = 10`], new Map([[AOF, 500]]))[AOF]).toBe(500);
  expect(lengthsOf([`1 write(8<${AOF}>, ""..., 10) = 10`])[AOF]).toBe(0);
});

it('does not count a sync that had begun and never returned, nor one that failed', () => {
  const start = [`1 write(8<${AOF}>, ""..., 10) = 10`];
  expect(lengthsOf([...start, `1 fdatasync(8<${AOF}> <unfinished ...>`])[AOF]).toBe(0);
  expect(lengthsOf([...start, `1 fdatasync(8<${AOF}>) = -1 EIO (Input/output error)`])[AOF]).toBe(0);
});

it('lets a sync of another thread cover only what was written when it began', () => {
  const trace = [
    `1 write(8<${AOF}>, ""..., 10) = 10`,
    `2 fdatasync(8<${AOF}> <unfinished ...>`,
    `1 write(8<${AOF}>, ""..., 7) = 7`,
    '2 <... fdatasync resumed>) = 0',
  ];
  expect(lengthsOf(trace)[AOF]).toBe(10);
});

it('counts a write that was resumed', () => {
  const trace = [
    `1 write(8<${AOF}>, ""..., 10 <unfinished ...>`,
    '2 write(9<socket:[1]>, ""..., 5) = 5',
    '1 <... write resumed>) = 10',
    `1 fdatasync(8<${AOF}>) = 0`,
  ];
  expect(lengthsOf(trace)[AOF]).toBe(10);
});
