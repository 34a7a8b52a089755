// What every queue of commands must do; run on each implementation.
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Command } from '../model/command.ts';
import {
  NeverAgain,
  NotNow,
  TryLater,
  type CommandHandler,
  type CommandQueue,
  type Delivery,
} from './command-queue.ts';
import { aCommand } from './test-support/commands.ts';

/** Longer than any implementation needs to hand a command out. */
const SOON = { timeout: 5_000, interval: 10 };

/** Runs the suite; `makeInBox` gives an empty queue each time, in a box where an engine of that epoch is in charge. */
export function describeCommandQueue(
  name: string,
  makeInBox: (epoch: number) => CommandQueue | Promise<CommandQueue>,
): void {
  const makeQueue = () => makeInBox(1);

  describe(`a queue of commands ${name}`, () => {
    it('takes a command once, however often it is put in', async () => {
      const { queue, taken } = withTaker(await makeQueue());
      await queue.enqueue([aCommand(), aCommand()], 1);
      await queue.enqueue([aCommand()], 1);
      await eventuallyDone(queue, 1);
      await queue.enqueue([aCommand(), aCommand({ sequence: 2 })], 1);
      await eventuallyDone(queue, 2);
      expect(taken.map(({ command }) => command.sequence)).toEqual([1, 2]);
    });

    it('hands a command over as it was put in', async () => {
      const { queue, taken } = withTaker(await makeQueue());
      const command = aCommand({ point: 'urn:ngsi-ld:WasteContainer:m-1#compaction', want: { release: true } });
      await queue.enqueue([command], 1);
      await eventuallyDone(queue, 1);
      expect(taken).toEqual([{ command, attempt: 1 }]);
    });

    it('lets the more urgent slot overtake, and keeps the order within a slot', async () => {
      const queue = started(await makeQueue());
      const slots = [16, 12, 12, 2, 8];
      await queue.enqueue(
        slots.map((slot, index) => aCommand({ slot, sequence: index + 1 })),
        1,
      );
      const { taken } = withTaker(queue);
      await eventuallyDone(queue, slots.length);
      expect(taken.map(({ command }) => [command.slot, command.sequence])).toEqual([
        [2, 4],
        [8, 5],
        [12, 2],
        [12, 3],
        [16, 1],
      ]);
    });

    it('refuses commands of an engine that was replaced', async () => {
      const queue = started(await makeInBox(2));
      await queue.enqueue([aCommand({ fence: 2 })], 2);
      await expect(queue.enqueue([aCommand({ sequence: 2 })], 1)).rejects.toMatchObject({ code: 'deposed' });
      expect(await queue.counts()).toMatchObject({ waiting: 1 });
    });

    it('hands a failed command out again, with its number of tries and the reason', async () => {
      const { queue, taken } = withTaker(await makeQueue(), async ({ attempt }) => {
        if (attempt === 1) throw new TryLater('the bus is away', 20);
      });
      await queue.enqueue([aCommand()], 1);
      await eventuallyDone(queue, 1);
      expect(taken.map(({ attempt, lastFailure }) => ({ attempt, lastFailure }))).toEqual([
        { attempt: 1, lastFailure: undefined },
        { attempt: 2, lastFailure: 'the bus is away' },
      ]);
    });

    it('hands a command out again that had to wait for others, without calling it failed', async () => {
      const { queue, taken } = withTaker(await makeQueue(), async ({ attempt }) => {
        if (attempt === 1) throw new NotNow('others first', 20);
      });
      await queue.enqueue([aCommand()], 1);
      await eventuallyDone(queue, 1);
      expect(taken.map(({ lastFailure }) => lastFailure)).toEqual([undefined, undefined]);
    });

    it('ends a hopeless command at once and keeps it among the failed', async () => {
      const { queue, taken } = withTaker(await makeQueue(), async () => {
        throw new NeverAgain('no such device');
      });
      await queue.enqueue([aCommand()], 1);
      await vi.waitFor(
        async () => expect(await queue.counts()).toMatchObject({ failed: 1, active: 0, waiting: 0 }),
        SOON,
      );
      expect(taken).toHaveLength(1);
    });

    it('hands out no more than it was allowed at a time', async () => {
      let now = 0;
      let most = 0;
      const { queue } = withTaker(await makeQueue(), async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      });
      await queue.enqueue(many(30), 1);
      await eventuallyDone(queue, 30);
      expect(most).toBeLessThanOrEqual(CONCURRENCY);
      expect(most).toBeGreaterThan(1);
    });

    it('finishes what is in hand when it is stopped, and hands out no more', async () => {
      const queue = started(await makeQueue());
      const held = Promise.withResolvers<void>();
      const seen: Command[] = [];
      const consumer = queue.consume(
        async ({ command }) => {
          seen.push(command);
          await held.promise;
        },
        { concurrency: 1 },
      );
      await queue.enqueue(many(2), 1);
      await vi.waitFor(() => expect(seen).toHaveLength(1), SOON);
      const stopped = consumer.stop();
      held.resolve();
      await stopped;
      await consumer.stop();
      expect(seen).toHaveLength(1);
      expect(await queue.counts()).toMatchObject({ waiting: 1, active: 0, done: 1 });
    });
  });
}

const CONCURRENCY = 4;

const many = (count: number): Command[] =>
  Array.from({ length: count }, (_, index) => aCommand({ sequence: index + 1 }));

function started(queue: CommandQueue): CommandQueue {
  onTestFinished(() => queue.close());
  return queue;
}

/** One consumer that notes what it gets. One at a time unless a handler is given. */
function withTaker(queue: CommandQueue, handler?: CommandHandler): { queue: CommandQueue; taken: Delivery[] } {
  const taken: Delivery[] = [];
  started(queue).consume(
    async (delivery) => {
      taken.push(delivery);
      await handler?.(delivery);
    },
    { concurrency: handler ? CONCURRENCY : 1 },
  );
  return { queue, taken };
}

async function eventuallyDone(queue: CommandQueue, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ done: count, active: 0 }), SOON);
}
