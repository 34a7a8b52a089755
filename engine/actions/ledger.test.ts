import { pino } from 'pino';
import { describe, expect, inject, it, onTestFinished } from 'vitest';

import type { Command } from '../model/command.ts';
import { POINTS } from '../model/points.ts';
import { RedisLedger } from './ledger.ts';
import { closeRedis, openRedis, withinLimit } from './redis-connections.ts';
import { aCommand, ownKeys } from './test-support/commands.ts';

function setUp() {
  const { keys } = ownKeys();
  const redis = openRedis(inject('redisUrl'), 'request', pino({ enabled: false }));
  onTestFinished(() => closeRedis(redis));
  const ledger = new RedisLedger(redis, keys);
  const verdictOn = async (command: Command) => (await ledger.admit(command)).verdict;
  const depose = (epoch: number) => withinLimit(redis, () => redis.set(keys.epoch, epoch));
  return { ledger, redis, keys, verdictOn, depose };
}

it('admits the newest command of a point, as often as it is asked', async () => {
  const { ledger, verdictOn } = setUp();
  await ledger.issue([aCommand()], 1);
  expect([await verdictOn(aCommand()), await verdictOn(aCommand())]).toEqual(['send', 'send']);
});

it('admits a command whose issue was lost, because sending is what was wanted', async () => {
  const { verdictOn } = setUp();
  expect(await verdictOn(aCommand())).toBe('send');
});

it('calls a command superseded once a newer one was issued, for its own point only', async () => {
  const { ledger, verdictOn } = setUp();
  const otherLamp = aCommand({ point: 'urn:ngsi-ld:Streetlight:river-path-18#level' });
  await ledger.issue([aCommand(), otherLamp, aCommand({ sequence: 2 })], 1);
  expect(await verdictOn(aCommand())).toBe('superseded');
  expect(await verdictOn(otherLamp)).toBe('send');
});

it('does not go back when old commands are issued again by a replay', async () => {
  const { ledger, verdictOn } = setUp();
  await ledger.issue([aCommand({ sequence: 5 })], 1);
  await ledger.issue([aCommand({ sequence: 4, fence: 2 })], 2);
  expect(await verdictOn(aCommand({ sequence: 4, fence: 2 }))).toBe('superseded');
  expect(await verdictOn(aCommand({ sequence: 5 }))).toBe('send');
});

it('admits the job of the former engine when the new one issued the same command again', async () => {
  const { ledger, verdictOn } = setUp();
  await ledger.issue([aCommand({ fence: 1 })], 1);
  await ledger.issue([aCommand({ fence: 2 })], 2);
  expect(await verdictOn(aCommand({ fence: 1 }))).toBe('send');
});

it('calls a command two hours old expired, by the clock of Redis', async () => {
  const { ledger } = setUp();
  const twoHoursAgo = Date.now() - 7_200_000;
  const admission = await ledger.admit(aCommand({ issuedAt: twoHoursAgo, notAfter: twoHoursAgo + 10_000 }));
  expect(admission.verdict).toBe('expired');
  expect(Math.abs(admission.now - Date.now())).toBeLessThan(5_000);
});

it('calls a command outdated when one of a higher sequence or fence was sent', async () => {
  const { ledger, verdictOn } = setUp();
  await ledger.settle(aCommand({ sequence: 3, fence: 4 }), { state: 'sent' });
  expect(await verdictOn(aCommand({ sequence: 2, fence: 4 }))).toBe('outdated');
  expect(await verdictOn(aCommand({ sequence: 4, fence: 3 }))).toBe('outdated');
  expect(await verdictOn(aCommand({ sequence: 4, fence: 4 }))).toBe('send');
});

it('answers a command that was settled before with how it ended', async () => {
  const { ledger } = setUp();
  await ledger.issue([aCommand()], 1);
  await ledger.settle(aCommand(), { state: 'refused', detail: 'the door is open' });
  expect(await ledger.admit(aCommand())).toMatchObject({
    verdict: 'repeat',
    earlier: { state: 'refused', detail: 'the door is open' },
  });
});

it('lets the first outcome hold when two workers settle one command', async () => {
  const { ledger } = setUp();
  const outcomes = await Promise.all([
    ledger.settle(aCommand(), { state: 'sent' }),
    ledger.settle(aCommand(), { state: 'expired', detail: 'too late' }),
  ]);
  expect(outcomes).toEqual([{ state: 'sent' }, { state: 'sent' }]);
});

it('does not count a refused command as sent', async () => {
  const { ledger, verdictOn } = setUp();
  await ledger.settle(aCommand({ sequence: 2 }), { state: 'refused' });
  expect(await verdictOn(aCommand({ sequence: 1 }))).toBe('send');
});

it('remembers few outcomes per point, and forgets the oldest first', async () => {
  const { ledger, redis, keys, verdictOn } = setUp();
  const commands = Array.from({ length: 12 }, (_, index) => aCommand({ sequence: index + 1 }));
  for (const command of commands) await ledger.settle(command, { state: 'sent' });
  expect(await verdictOn(commands[11]!)).toBe('repeat');
  expect(await verdictOn(commands[0]!)).toBe('outdated');
  const stored = await redis.hget(keys.ledger(commands[0]!.point), 'outcomes');
  expect(JSON.parse(stored ?? '')).toHaveLength(8);
});

it('notes nothing for an engine that was replaced', async () => {
  const { ledger, redis, keys, depose } = setUp();
  await depose(7);
  const commands = [aCommand({ fence: 6 })];
  await expect(ledger.issue(commands, 6)).rejects.toMatchObject({ code: 'deposed', details: { epoch: 7 } });
  expect(await redis.exists(keys.ledger(aCommand().point))).toBe(0);
  await ledger.issue(commands, 7);
});

const change = (sequence: number, value: number) => aCommand({ sequence, want: { value, rampSeconds: 0 } });

describe('a point with a wear budget', () => {
  const point = { ...POINTS['Streetlight']!['level']!, wear: { perHour: 2 } };
  it('has each change booked once with its admission, and the one too many not', async () => {
    const { ledger } = setUp();
    for (const command of [change(1, 0.2), change(1, 0.2), change(2, 0.3), change(2, 0.3)])
      expect(await ledger.admitChange(command, point)).toMatchObject({ verdict: 'send' });
    const worn = await ledger.admitChange(change(3, 0.4), point);
    expect(worn).toMatchObject({
      verdict: 'worn',
      waits: { why: 'wear budget: 2 changes per hour', until: expect.closeTo(worn.now + 3_600_000, -4) },
    });
  });

  it('is not worn by the same value again, and takes the safe value and a release whatever was booked', async () => {
    const { ledger } = setUp();
    const wants = [0.2, 0.3, 0.3, 1].map((value, index) => change(index + 1, value));
    for (const command of [...wants, aCommand({ sequence: 9, want: { release: true } })])
      expect(await ledger.admitChange(command, point)).toMatchObject({ verdict: 'send' });
  });

  it('lets one of two through that ask at the same moment', async () => {
    const { ledger } = setUp();
    const once = { ...point, wear: { perHour: 1 } };
    const other = { ...change(1, 0.7), commandId: 'another command of the same sequence' };
    const both = await Promise.all([ledger.admitChange(change(1, 0.2), once), ledger.admitChange(other, once)]);
    expect(both.map(({ verdict }) => verdict).toSorted()).toEqual(['send', 'worn']);
  });

  it('is asked nothing where another verdict stands', async () => {
    const { ledger } = setUp();
    await ledger.issue([change(2, 0.3)], 1);
    expect(await ledger.admitChange(change(1, 0.2), point)).toMatchObject({ verdict: 'superseded' });
    await ledger.settle(change(2, 0.3), { state: 'refused', detail: 'worn', until: 123 });
    expect(await ledger.admitChange(change(2, 0.3), point)).toMatchObject({
      verdict: 'repeat',
      earlier: { state: 'refused', detail: 'worn', until: 123 },
    });
  });
});
