import { pino } from 'pino';
import { expect, inject, it, onTestFinished } from 'vitest';

import { eventually } from '../../test/eventually.ts';
import type { ScheduleRun } from '../model/schedule-run.ts';
import { BullmqRunQueue } from './run-queue.ts';
import { ownKeys } from './test-support/commands.ts';

const logger = pino({ enabled: false });

const runAt = (due: number): ScheduleRun => ({
  runId: `waste/sweep@${new Date(due).toISOString()}`,
  schedule: 'waste/sweep',
  version: 1,
  department: 'waste',
  title: 'Sweep',
  name: 'sweep',
  due,
  notes: [],
  late: false,
});

it('hands each occurrence over once, however many engines offer it and however often, and waits for flows that are away', async () => {
  const { keys } = ownKeys();
  const open = () => {
    const queue = new BullmqRunQueue({ redisUrl: inject('redisUrl'), keys, logger, pauseMs: 5 });
    onTestFinished(() => queue.close());
    return queue;
  };
  const [one, other] = [open(), open()];
  const runs = [0, 1, 2].map((index) => runAt(Date.UTC(2026, 10, 26, index)));
  await Promise.all([one.enqueue(runs), other.enqueue(runs)]);
  await one.enqueue(runs);
  const taken: string[] = [];
  let tries = 0;
  const flows = async (run: ScheduleRun): Promise<void> => {
    tries += 1;
    if (tries <= 4) throw new Error('no flows runtime');
    taken.push(run.runId);
  };
  one.consume(flows);
  other.consume(flows);
  await eventually(() => expect(taken).toHaveLength(3));
  await one.enqueue(runs);
  await other.enqueue([runAt(Date.UTC(2026, 10, 26, 3))]);
  await eventually(() => expect(taken).toHaveLength(4));
  expect(taken.toSorted()).toEqual([...runs, runAt(Date.UTC(2026, 10, 26, 3))].map(({ runId }) => runId));
});
