import { expect, it, onTestFinished, vi } from 'vitest';

import { MemoryLog } from '../../test/memory-log.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import type { Input, LogEntry } from '../model/input.ts';
import { Engine } from './engine.ts';
import type { CheckpointStore } from './ports.ts';
import { updateCells, type CheckpointChange } from './tables.ts';

const onlineStatus = (device: number): Input => ({
  kind: 'status',
  department: 'waste',
  device: `d${device}`,
  status: { state: 'online', at: '2026-11-22T10:00:00Z' },
});

/** A log that has something new at each look, and each look takes longer than the time between two checkpoints. */
class SlowLog extends MemoryLog {
  #count = 0;
  aheadMs = 0;

  override async read(afterId: string, count: number, blockMs: number): Promise<LogEntry[]> {
    // A real log lets the process do other things meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    this.#count += 1;
    this.aheadMs += 600;
    await this.append([onlineStatus(this.#count)]);
    return super.read(afterId, count, blockMs);
  }
}

/** Keeps what a real store would, and fails when it is told to. */
class FailingStore implements CheckpointStore {
  readonly cells = new Map<string, string>();
  lastId = '0-0';
  readonly #failing: number;
  /** What was asked of it, in order. */
  readonly calls: ('load' | 'save' | 'failed save')[] = [];

  /** @param failing which save fails, counted from 0 */
  constructor(failing: number) {
    this.#failing = failing;
  }

  load(): Promise<{ lastId: string; cells: Map<string, string> }> {
    this.calls.push('load');
    return Promise.resolve({ lastId: this.lastId, cells: new Map(this.cells) });
  }

  save(_epoch: number, change: CheckpointChange): Promise<void> {
    if (this.calls.filter((call) => call !== 'load').length === this.#failing) {
      this.calls.push('failed save');
      return Promise.reject(new Error('Redis went away'));
    }
    this.calls.push('save');
    this.lastId = change.lastId;
    updateCells(this.cells, change);
    return Promise.resolve();
  }
}

/** A log that is longer than anybody can read: each look finds as much as was asked for. */
class EndlessLog extends MemoryLog {
  aheadMs = 0;

  override async read(afterId: string, count: number, blockMs: number): Promise<LogEntry[]> {
    await new Promise((resolve) => setImmediate(resolve));
    this.aheadMs += 100;
    await this.append(Array.from({ length: count }, (_, number) => onlineStatus(number)));
    return super.read(afterId, count, blockMs);
  }
}

it('saves checkpoints while it is catching up, so that its successor has less to do', async () => {
  const log = new EndlessLog();
  const checkpoints = new FailingStore(Infinity);
  const engine = new Engine({
    log,
    checkpoints,
    lease: { acquire: async () => 1, renew: async () => true, release: async () => undefined },
    sink: { deliver: async () => undefined, recorded: async () => undefined },
    documents: async () => [],
    clock: { ...systemClock, now: () => systemClock.now() + log.aheadMs },
  });
  engine.start();
  onTestFinished(() => engine.stop());
  await vi.waitFor(() => expect(checkpoints.calls.length).toBeGreaterThan(3), { timeout: 5_000 });
  expect(engine.isActive).toBe(false);
  expect(checkpoints.calls.slice(0, 3)).toEqual(['load', 'save', 'save']);
});

it('saves nothing more after a checkpoint has failed, before it has begun anew from the last good one', async () => {
  const log = new SlowLog();
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + log.aheadMs };
  const checkpoints = new FailingStore(1);
  let epoch = 0;
  const engine = new Engine({
    log,
    checkpoints,
    lease: { acquire: async () => (epoch += 1), renew: async () => true, release: async () => undefined },
    sink: { deliver: async () => undefined, recorded: async () => undefined },
    documents: async () => [],
    clock,
  });
  engine.start();
  onTestFinished(() => engine.stop());
  await vi.waitFor(() => expect(checkpoints.calls.filter((call) => call === 'load')).toHaveLength(2), {
    timeout: 5_000,
  });
  expect(checkpoints.calls.slice(0, 4)).toEqual(['load', 'save', 'failed save', 'load']);
});
