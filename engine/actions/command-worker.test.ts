import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { pino } from 'pino';
import { expect, inject, it, onTestFinished, vi } from 'vitest';

import { lineOf } from '../../test/processes.ts';
import type { Command } from '../model/command.ts';
import { SignalboxError } from '../model/errors.ts';
import { POINTS } from '../model/points.ts';
import { BullmqCommandQueue } from './bullmq-command-queue.ts';
import { CommandWorker, type CommandSender, type CommandWorkerOptions } from './command-worker.ts';
import type { InterlockCheck } from './interlock-check.ts';
import type { RestraintCheck } from './restraints.ts';
import { RedisLedger } from './ledger.ts';
import { closeRedis, openRedis } from './redis-connections.ts';
import { aCommand, MemoryLog, ownKeys } from './test-support/commands.ts';

const SOON = { timeout: 5_000, interval: 10 };
const logger = pino({ enabled: false });
const allowed: InterlockCheck = { mayMove: async () => ({ allowed: true }) };

/** A bus that remembers what was put on it; `fail` may refuse a try. */
class Bus implements CommandSender {
  readonly sent: string[] = [];
  tries = 0;
  fail: (tries: number) => Error | undefined = () => undefined;

  async send(command: Command): Promise<void> {
    this.tries += 1;
    const failure = this.fail(this.tries);
    if (failure) throw failure;
    this.sent.push(command.commandId);
  }
}

function setUp(options: Partial<CommandWorkerOptions> = {}) {
  const box = ownKeys();
  const redisUrl = inject('redisUrl');
  const redis = openRedis(redisUrl, 'request', logger);
  onTestFinished(() => closeRedis(redis));
  const ledger = new RedisLedger(redis, box.keys);
  const queue = new BullmqCommandQueue({ redisUrl, keys: box.keys, ledger, logger });
  onTestFinished(() => queue.close());
  const log = new MemoryLog();
  const bus = new Bus();
  const documents = { pointOf: () => undefined };
  const restraints: RestraintCheck = { whyRefused: async () => undefined };
  const parts = { queue, ledger, interlocks: allowed, restraints, documents, sender: bus, log, logger };
  const worker = new CommandWorker({ ...parts, ...options });
  onTestFinished(() => worker.stop());
  return { ...box, redisUrl, ledger, queue, log, bus, worker };
}

const manyTo = (device: string, count: number): Command[] =>
  Array.from({ length: count }, (_, index) =>
    aCommand({ device, point: `urn:ngsi-ld:Streetlight:${device}-${index}#level` }),
  );

const eventuallySaid = (log: MemoryLog, states: string[], command = aCommand()) =>
  vi.waitFor(() => expect(log.statesOf(command.commandId)).toEqual(states), SOON);

it('sends a command and says so, once', async () => {
  const { queue, worker, bus, log } = setUp();
  await queue.enqueue([aCommand(), aCommand()], 1);
  worker.start();
  worker.start();
  await eventuallySaid(log, ['sent']);
  expect(bus.sent).toEqual([aCommand().commandId]);
  await worker.stop();
  await worker.stop();
});

it('ends a command that waited two hours as expired, and sends nothing', async () => {
  const { queue, worker, bus, log } = setUp();
  const issuedAt = Date.now() - 7_200_000;
  await queue.enqueue([aCommand({ issuedAt, notAfter: issuedAt + 10_000 })], 1);
  worker.start();
  await eventuallySaid(log, ['expired']);
  expect(bus.tries).toBe(0);
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ failed: 1 }), SOON);
});

it('sends only the newest of several commands for a point', async () => {
  const { queue, worker, bus, log } = setUp();
  await queue.enqueue([aCommand(), aCommand({ sequence: 2 }), aCommand({ sequence: 3 })], 1);
  worker.start();
  await eventuallySaid(log, ['sent'], aCommand({ sequence: 3 }));
  await eventuallySaid(log, ['superseded']);
  await eventuallySaid(log, ['superseded'], aCommand({ sequence: 2 }));
  expect(bus.sent).toEqual([aCommand({ sequence: 3 }).commandId]);
});

it('does not send a command of an engine whose successor has already moved the point', async () => {
  const { queue, worker, bus, log, ledger } = setUp();
  await ledger.settle(aCommand({ sequence: 4, fence: 9 }), { state: 'sent' });
  await queue.enqueue([aCommand({ sequence: 5, fence: 8 })], 9);
  worker.start();
  await eventuallySaid(log, ['superseded'], aCommand({ sequence: 5 }));
  expect(bus.tries).toBe(0);
});

it('refuses what an interlock forbids, with the reason', async () => {
  const forbid: InterlockCheck = { mayMove: async () => ({ allowed: false, reason: 'the door is open' }) };
  const { queue, worker, bus, log } = setUp({ interlocks: forbid });
  await queue.enqueue([aCommand()], 1);
  worker.start();
  await eventuallySaid(log, ['refused']);
  expect(log.inputs).toMatchObject([{ detail: 'the door is open' }]);
  expect(bus.tries).toBe(0);
});

const level = (sequence: number, value: number) => aCommand({ sequence, want: { value, rampSeconds: 0 } });

it('refuses what would wear the point out, says until when, and sends the stop', async () => {
  const point = { ...POINTS['Streetlight']!['level']!, wear: { perHour: 1 } };
  const { queue, worker, bus, log } = setUp({ documents: { pointOf: () => point } });
  worker.start();
  for (const [command, states] of [
    [level(1, 0.3), ['sent']],
    [level(2, 0.5), ['refused']],
    [level(3, 1), ['sent']],
  ] as const) {
    await queue.enqueue([command], 1);
    await eventuallySaid(log, [...states], command);
  }
  expect(log.inputs[1]).toMatchObject({ detail: 'wear budget: 1 change per hour', until: expect.any(Number) });
  expect(bus.sent).toEqual([level(1, 0.3).commandId, level(3, 1).commandId]);
});

it('asks again right before the wire, so that a command superseded during the check is not sent', async () => {
  const { queue, worker, bus, log, ledger } = setUp({
    interlocks: {
      async mayMove() {
        await ledger.issue([aCommand({ sequence: 2 })], 1);
        return { allowed: true };
      },
    },
  });
  await queue.enqueue([aCommand()], 1);
  worker.start();
  await eventuallySaid(log, ['superseded']);
  expect(bus.tries).toBe(0);
});

it('tries again while the device cannot be reached, as long as there is time', async () => {
  const { queue, worker, bus, log } = setUp();
  bus.fail = (tries) => (tries < 3 ? new SignalboxError('device-unreachable', { why: 'no bus' }) : undefined);
  await queue.enqueue([aCommand()], 1);
  worker.start();
  await eventuallySaid(log, ['sent']);
  expect(bus.tries).toBe(3);
});

it('gives up at the end of its time, with one end that names the last reason', async () => {
  const { queue, worker, bus, log } = setUp();
  bus.fail = () => new SignalboxError('device-unreachable', { why: 'no bus' });
  await queue.enqueue([aCommand({ notAfter: Date.now() + 700 })], 1);
  worker.start();
  await vi.waitFor(() => expect(log.inputs).toHaveLength(1), SOON);
  // A try that was planned within its time, but came up after it, ends as expired.
  expect(log.inputs).toMatchObject([
    {
      state: expect.stringMatching(/^(failed|expired)$/),
      detail: expect.stringContaining('The field bus cannot be reached: no bus.'),
    },
  ]);
  expect(bus.tries).toBeGreaterThan(1);
  await vi.waitFor(
    async () => expect(await queue.counts()).toMatchObject({ delayed: 0, waiting: 0, active: 0, failed: 1 }),
    SOON,
  );
});

it('ends at once what can never be sent', async () => {
  const { queue, worker, bus, log } = setUp();
  bus.fail = () => new SignalboxError('invalid', { what: 'The command' });
  await queue.enqueue([aCommand()], 1);
  worker.start();
  await eventuallySaid(log, ['failed']);
  expect(bus.tries).toBe(1);
});

it('does not wait for a bus that hangs beyond the end of the command', async () => {
  const hanging: CommandSender = {
    send: (_command, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  const { queue, worker, log } = setUp({ sender: hanging });
  await queue.enqueue([aCommand({ notAfter: Date.now() + 500 })], 1);
  worker.start();
  await eventuallySaid(log, ['failed']);
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ active: 0, failed: 1 }), SOON);
});

it('says again what it could not say while the log was away, without sending again', async () => {
  const { queue, worker, bus, log } = setUp();
  log.failure = new SignalboxError('log-unavailable', { why: 'a test' });
  await queue.enqueue([aCommand()], 1);
  worker.start();
  await vi.waitFor(() => expect(bus.sent).toHaveLength(1), SOON);
  await vi.waitFor(async () => expect(await queue.counts()).toMatchObject({ delayed: 1 }), SOON);
  log.failure = undefined;
  await eventuallySaid(log, ['sent']);
  expect(bus.tries).toBe(1);
});

it('lets a slow device hold few places, so that others are served', async () => {
  const slow = Promise.withResolvers<void>();
  const served: string[] = [];
  const sender: CommandSender = {
    async send(command) {
      if (command.device === 'slow') await slow.promise;
      served.push(command.device);
    },
  };
  const { queue, worker } = setUp({ sender, concurrency: 6, perDevice: { inFlight: 2, waiting: 2 } });
  await queue.enqueue([...manyTo('slow', 20), ...manyTo('quick', 5)], 1);
  worker.start();
  await vi.waitFor(() => expect(served).toEqual(Array(5).fill('quick')), SOON);
  slow.resolve();
  await vi.waitFor(() => expect(served).toHaveLength(25), SOON);
});

it('sends elsewhere within 10 s what a killed worker had admitted', async () => {
  const { namespace, redisUrl, queue, worker, bus, log } = setUp();
  const victim = spawn(process.execPath, [
    join(import.meta.dirname, 'test-support/hanging-worker.ts'),
    redisUrl,
    namespace,
  ]);
  const ended = once(victim, 'exit');
  onTestFinished(() => void victim.kill('SIGKILL'));
  const admitted = lineOf(victim, /^admitted/);
  await queue.enqueue([aCommand()], 1);
  await admitted;
  victim.kill('SIGKILL');
  await ended;
  const killedAt = performance.now();
  worker.start();
  await vi.waitFor(() => expect(bus.sent).toEqual([aCommand().commandId]), { timeout: 10_000, interval: 10 });
  const tookMs = performance.now() - killedAt;
  expect(tookMs).toBeLessThan(10_000);
  await eventuallySaid(log, ['sent']);
});
